import { Injectable } from '@nestjs/common';
import { PrinterId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import type { Caller, Grant } from '#libs/policy';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import { printerView } from './printer-view.js';

@Injectable()
export class PrintersService {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
  ) {}

  async readPrinters(caller: Caller) {
    const printers = await this.upstream.ask(caller, (context) => this.idaas.readPrinters(context));
    return printers.filter(({ id }) => isGranted(id, caller.grant)).map(printerView);
  }

  /** For a caller who was admitted to this printer: the admission looks at every `printerId` of a path. */
  async readPrinter(id: PrinterId, caller: Caller) {
    return printerView(await this.upstream.ask(caller, (context) => this.idaas.readPrinter(id, context)));
  }
}

function isGranted(text: string, grant: Grant): boolean {
  const id = PrinterId.parse(text);
  return id !== undefined && grant.coversPrinter('PRINTERS:VIEW', id);
}
