import { Injectable } from '@nestjs/common';
import { PrinterId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import { requirePrinterGranted, type Grant } from '#libs/policy';
import { printerView } from './printer-view.js';

@Injectable()
export class PrintersService {
  constructor(private readonly idaas: IdaasClient) {}

  async readPrinters(grant: Grant) {
    const printers = await this.idaas.readPrinters();
    return printers.filter(({ id }) => isGranted(id, grant)).map(printerView);
  }

  async readPrinter(id: PrinterId, grant: Grant) {
    requirePrinterGranted(id, grant);
    return printerView(await this.idaas.readPrinter(id));
  }
}

function isGranted(text: string, grant: Grant): boolean {
  const id = PrinterId.parse(text);
  return id !== undefined && grant.allowsPrinter(id);
}
