import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { Audited } from '../../audit/audited.decorator.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { CALLS_UPSTREAM, OF_ONE, SHARED_STATE, WITH_BODY } from '../../openapi/problem-sets.js';
import { ValidatedBody } from '../../server/request/validated-params.js';
import { Settlement } from './settlement.dto.js';
import { UnknownPrint } from './unknown-print.dto.js';
import { UnknownPrintsService } from './unknown-prints.service.js';

@Controller('api/gateway/v1/unknown-prints')
export class UnknownPrintsController {
  constructor(private readonly unknownPrints: UnknownPrintsService) {}

  /** Lists prints whose outcome is not known. */
  @Get()
  @Requires('ISSUANCE:VIEW')
  @ApiProblems('jobs-not-granted', ...SHARED_STATE)
  listUnknownPrints(@CurrentCaller() caller: Caller): Promise<UnknownPrint[]> {
    return this.unknownPrints.list(caller);
  }

  /** Says what became of such a print. */
  @Post(':id')
  @HttpCode(204)
  @Requires('ISSUANCE:EDIT')
  @Audited('settle')
  @ApiProblems('jobs-not-granted', 'job-fits', 'job-may-still-show')
  @ApiProblems(...OF_ONE, ...WITH_BODY, ...SHARED_STATE, ...CALLS_UPSTREAM)
  settleUnknownPrint(
    @Param('id') id: string,
    @ValidatedBody() settlement: Settlement,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.unknownPrints.settle(id, settlement, caller);
  }
}
