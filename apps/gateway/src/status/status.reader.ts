import { Injectable } from '@nestjs/common';
import { ReadThroughCache, type Answer, type Lifetime, type Source } from '#libs/cache';
import { isConversation, isFinalStatus, type PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import { LifetimesConfig } from '../lifetimes.config.js';

/** The one way to read the status of a job: through the cache. */
@Injectable()
export class StatusReader {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly cache: ReadThroughCache,
    private readonly lifetimes: LifetimesConfig,
  ) {}

  read(id: PrintStatusId, demand?: { revalidate: boolean }): Promise<Answer> {
    return this.cache.read(this.sourceOf(id), demand);
  }

  /** After a change through the gateway: the next read, on any replica, asks the upstream. */
  invalidate(id: PrintStatusId): Promise<void> {
    return this.cache.invalidate(keyOf(id));
  }

  private sourceOf(id: PrintStatusId): Source {
    return {
      key: keyOf(id),
      absentMs: this.lifetimes.unknownJobMs,
      fetch: async () => {
        const { text, value } = await this.idaas.getPrintStatus(id);
        return { text, lifetime: this.lifetimeOf((value as { status?: unknown } | null)?.status) };
      },
    };
  }

  private lifetimeOf(status: unknown): Lifetime | undefined {
    if (isConversation(status)) return undefined;
    return isFinalStatus(status) ? this.lifetimes.finalStatus : this.lifetimes.changingStatus;
  }
}

/** In braces stands what keeps all keys of one job in one slot of a cluster. */
function keyOf(id: PrintStatusId): string {
  return `{${id}}:status`;
}
