import { Injectable } from '@nestjs/common';
import { ReadThroughCache, type Answer, type Demand, type Source } from '#libs/cache';
import { IdaasClient } from '#libs/idaas';
import type { Caller } from '#libs/policy';
import { LifetimesConfig } from '../lifetimes.config.js';
import { UpstreamAccess } from '../upstream/upstream.access.js';

const COUNTS = { kind: 'counts', key: 'print-counts' };

/** The print counts, through the cache: the same for everybody who may see them. */
@Injectable()
export class PrintCountsService {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly lifetimes: LifetimesConfig,
    private readonly cache: ReadThroughCache,
  ) {}

  /** What this process has of them and may serve, at once; undefined is no answer, and `read` finds one. */
  atHand(): Answer | undefined {
    return this.cache.atHand(COUNTS);
  }

  read(caller: Caller, demand: Demand): Promise<Answer> {
    return this.cache.read(this.sourceFor(caller), demand);
  }

  private sourceFor(caller: Caller): Source {
    return {
      ...COUNTS,
      absentMs: 0,
      admit: () => this.upstream.admit(caller),
      fetch: async () => {
        const { text } = await this.upstream.run(caller, (context) => this.idaas.getPrintCounts(context));
        return { text, lifetime: this.lifetimes.counts };
      },
    };
  }
}
