import { Injectable } from '@nestjs/common';
import { ReadThroughCache, type CachedResponse, type CacheReadOptions, type CacheLoader } from '#libs/cache';
import { IdaasClient } from '#libs/idaas';
import type { Caller } from '#libs/policy';
import { CacheTtlConfig } from '../cache-ttl.config.js';
import { UpstreamAccess } from '../upstream/upstream.access.js';

/** The braces keep the entry and the lease of its fetch in one slot of a cluster. */
const KEY = '{print-counts}';

/** The print counts, through the cache: the same for everybody who may see them. */
@Injectable()
export class PrintCountsService {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly lifetimes: CacheTtlConfig,
    private readonly cache: ReadThroughCache,
  ) {}

  /** At once where this process has them and may serve them (`ReadThroughCache.read`). */
  read(caller: Caller, options: CacheReadOptions): CachedResponse | Promise<CachedResponse> {
    return this.cache.read(this.loaderFor(caller), options);
  }

  private loaderFor(caller: Caller): CacheLoader {
    return {
      kind: 'counts',
      key: KEY,
      absentMs: 0,
      admit: () => this.upstream.admit(caller),
      load: async () => {
        const { text } = await this.upstream.run(caller, (context) => this.idaas.getPrintCounts(context));
        return { text, lifetime: this.lifetimes.counts };
      },
    };
  }
}
