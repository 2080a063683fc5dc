import { Module } from '@nestjs/common';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { PrintCountsController } from './print-counts.controller.js';
import { PrintCountsService } from './print-counts.service.js';

@Module({
  imports: [UpstreamModule],
  controllers: [PrintCountsController],
  providers: [PrintCountsService],
  exports: [PrintCountsService],
})
export class PrintCountsModule {}
