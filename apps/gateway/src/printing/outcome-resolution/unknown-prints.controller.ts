import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { Audited } from '../../audit/audited.decorator.js';
import { ValidatedBody } from '../../server/request/validated-params.js';
import { Settlement } from './settlement.dto.js';
import { UnknownPrintsService } from './unknown-prints.service.js';

@Controller('api/gateway/v1/unknown-prints')
export class UnknownPrintsController {
  constructor(private readonly unknownPrints: UnknownPrintsService) {}

  @Get()
  @Requires('ISSUANCE:VIEW')
  listUnknownPrints(@CurrentCaller() caller: Caller) {
    return this.unknownPrints.list(caller);
  }

  @Post(':id')
  @HttpCode(204)
  @Requires('ISSUANCE:EDIT')
  @Audited('settle')
  settleUnknownPrint(
    @Param('id') id: string,
    @ValidatedBody() settlement: Settlement,
    @CurrentCaller() caller: Caller,
  ) {
    return this.unknownPrints.settle(id, settlement, caller);
  }
}
