import { Controller, Get } from '@nestjs/common';
import type { PrinterId } from '#libs/contract';
import { CurrentCaller, Requires, type Caller } from '#libs/policy';
import { PrinterIdParam } from '../http/id-params.js';
import { PrintersService } from './printers.service.js';

/** The vendor's printer reads. Their query parameters change nothing upstream either, and are not passed on. */
@Controller('api/web/v1/printers')
export class PrintersController {
  constructor(private readonly printers: PrintersService) {}

  @Get()
  @Requires('PRINTERS:VIEW')
  readPrinters(@CurrentCaller() caller: Caller) {
    return this.printers.readPrinters(caller);
  }

  @Get(':printerId')
  @Requires('PRINTERS:VIEW')
  readPrinter(@PrinterIdParam() printerId: PrinterId, @CurrentCaller() caller: Caller) {
    return this.printers.readPrinter(printerId, caller);
  }
}
