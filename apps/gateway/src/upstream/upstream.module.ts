import { Module } from '@nestjs/common';
import { IdaasModule } from '#libs/idaas';
import { LimitsModule } from '#libs/limits';
import { UpstreamAccess } from './upstream.access.js';

@Module({
  imports: [IdaasModule, LimitsModule],
  providers: [UpstreamAccess],
  exports: [IdaasModule, UpstreamAccess],
})
export class UpstreamModule {}
