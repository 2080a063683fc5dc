import { Injectable } from '@nestjs/common';
import { ReadThroughCache, type Answer, type Source } from '#libs/cache';
import { IdaasClient } from '#libs/idaas';
import { LifetimesConfig } from '../lifetimes.config.js';

/** The print counts, through the cache: the same for everybody who may see them. */
@Injectable()
export class PrintCountsService {
  private readonly source: Source;

  constructor(
    idaas: IdaasClient,
    lifetimes: LifetimesConfig,
    private readonly cache: ReadThroughCache,
  ) {
    const fetch = async () => ({ text: (await idaas.getPrintCounts()).text, lifetime: lifetimes.counts });
    this.source = { key: 'print-counts', absentMs: 0, fetch };
  }

  read(demand: { revalidate: boolean }): Promise<Answer> {
    return this.cache.read(this.source, demand);
  }
}
