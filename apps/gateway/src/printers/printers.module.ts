import { Module } from '@nestjs/common';
import { UpstreamModule } from '../upstream/upstream.module.js';
import { PrinterNames } from './printer-names.js';
import { PrintersController } from './printers.controller.js';
import { PrintersReader } from './printers.reader.js';
import { PrintersService } from './printers.service.js';

@Module({
  imports: [UpstreamModule],
  controllers: [PrintersController],
  providers: [PrintersService, PrintersReader, PrinterNames],
  exports: [PrinterNames],
})
export class PrintersModule {}
