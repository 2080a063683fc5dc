import { Controller, Get } from '@nestjs/common';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { AnswersWithEtag } from '../server/response/answers-with-etag.decorator.js';
import { Me } from './me.dto.js';
import { MeService } from './me.service.js';

@Controller('api/gateway/v1/me')
export class MeController {
  constructor(private readonly me: MeService) {}

  /** Tells who the caller is and what they may do. */
  @Get()
  @Requires('a known caller')
  @AnswersWithEtag(Me)
  readMe(@CurrentCaller() caller: Caller): Promise<Me> {
    return this.me.read(caller);
  }
}
