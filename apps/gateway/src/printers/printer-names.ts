import { Injectable, Logger } from '@nestjs/common';
import type { Caller } from '#libs/policy';
import { listedPrinters } from './listed-printers.js';
import { PrintersReader } from './printers.reader.js';

/** What the printers are called, by the list that printer reads share. */
@Injectable()
export class PrinterNames {
  private readonly log = new Logger('Printers');
  private known: ReadonlyMap<string, string | undefined> = new Map();

  constructor(private readonly reader: PrintersReader) {}

  /** Id → name; those known last, if any, when the upstream cannot be asked: a name is a nicety, and seldom changes. */
  async read(caller: Caller): Promise<ReadonlyMap<string, string | undefined>> {
    try {
      const { entry } = await this.reader.readAll(caller);
      this.known = new Map(listedPrinters(entry).map(({ id, name }) => [id, name]));
    } catch (error) {
      this.log.debug({ err: error }, 'the printers’ names cannot be had');
    }
    return this.known;
  }
}
