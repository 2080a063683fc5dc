import { Injectable } from '@nestjs/common';
import { CacheEntry, type CachedResponse, type CacheReadOptions } from '#libs/cache';
import type { PrinterId } from '#libs/contract';
import type { Caller } from '#libs/policy';
import { listedPrinters } from './listed-printers.js';
import { PrintersReader } from './printers.reader.js';

/** The printers that a caller may use. What is cached is everybody's; what is granted is taken from it for each answer. */
@Injectable()
export class PrintersService {
  constructor(private readonly reader: PrintersReader) {}

  /** The granted printers and no others: its text, and so its ETag, is this caller's. */
  async readPrinters(caller: Caller, options: CacheReadOptions): Promise<CachedResponse> {
    const { entry, outcome } = await this.reader.readAll(caller, options);
    const granted = listedPrinters(entry).filter(({ id }) => caller.grant.coversPrinter('PRINTERS:VIEW', id));
    const text = `[${granted.map((printer) => printer.text).join(',')}]`;
    return {
      entry: new CacheEntry(text, entry.storedAtMs, entry.lifetime) as CachedResponse['entry'],
      outcome,
    };
  }

  /** For a caller who was admitted to this printer: the admission looks at every `printerId` of a path. */
  readPrinter(
    id: PrinterId,
    caller: Caller,
    options: CacheReadOptions,
  ): CachedResponse | Promise<CachedResponse> {
    return this.reader.readOne(id, caller, options);
  }
}
