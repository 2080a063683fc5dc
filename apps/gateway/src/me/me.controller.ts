import { Controller, Get, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { sendWithEtag } from '../server/response/send-with-etag.js';
import { MeService } from './me.service.js';

@Controller('api/gateway/v1/me')
export class MeController {
  constructor(private readonly me: MeService) {}

  @Get()
  @Requires('a known caller')
  async readMe(
    @CurrentCaller() caller: Caller,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ) {
    sendWithEtag(reply, JSON.stringify(await this.me.read(caller)), ifNoneMatch);
  }
}
