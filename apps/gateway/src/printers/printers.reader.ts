import { Injectable } from '@nestjs/common';
import { ReadThroughCache, type CachedResponse, type CacheReadOptions, type CacheLoader } from '#libs/cache';
import type { PrinterId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import type { Caller } from '#libs/policy';
import type { RequestContext } from '#libs/telemetry';
import { CacheTtlConfig } from '../cache-ttl.config.js';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import { printerView } from './printer-view.js';

/** The braces keep the entry and the lease of its fetch in one slot of a cluster. */
const LIST_KEY = '{printers}';

/**
 * The printers, through the cache, with what an end user may see of each: whatever else the upstream says of them is not kept either. The same
 * for everybody, so whoever reads the list must leave out what is not granted.
 */
@Injectable()
export class PrintersReader {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly lifetimes: CacheTtlConfig,
    private readonly cache: ReadThroughCache,
  ) {}

  /** Every printer that the upstream has, as a JSON array (`listedPrinters`). */
  readAll(caller: Caller, options?: CacheReadOptions): CachedResponse | Promise<CachedResponse> {
    const loader = this.loaderFor(caller, LIST_KEY, async (context) => {
      const printers = await this.idaas.readPrinters(context);
      return printers.map(printerView);
    });
    return this.cache.read(loader, options);
  }

  /** One printer, as a JSON object. Throws, or rejects with, `ResourceNotFound`. */
  readOne(
    id: PrinterId,
    caller: Caller,
    options?: CacheReadOptions,
  ): CachedResponse | Promise<CachedResponse> {
    const loader = this.loaderFor(caller, `{${id}}:printer`, async (context) =>
      printerView(await this.idaas.readPrinter(id, context)),
    );
    return this.cache.read(loader, options);
  }

  private loaderFor(
    caller: Caller,
    key: string,
    call: (context: RequestContext | undefined) => Promise<unknown>,
  ): CacheLoader {
    return {
      kind: 'printers',
      key,
      absentMs: this.lifetimes.printersFreshMs,
      admit: () => this.upstream.admit(caller),
      load: async () => {
        const seen = await this.upstream.run(caller, call);
        return { text: JSON.stringify(seen), lifetime: this.lifetimes.printers };
      },
    };
  }
}
