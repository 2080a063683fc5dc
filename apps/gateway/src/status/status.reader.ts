import { Injectable } from '@nestjs/common';
import { ReadThroughCache, type Answer, type Lifetime, type Source } from '#libs/cache';
import { isConversation, isFinalStatus, type PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import type { Caller } from '#libs/policy';
import { LifetimesConfig } from '../lifetimes.config.js';
import { UpstreamAccess } from '../upstream/upstream.access.js';

/** The one way to read the status of a job: through the cache. */
@Injectable()
export class StatusReader {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly cache: ReadThroughCache,
    private readonly lifetimes: LifetimesConfig,
  ) {}

  /** For a caller, within the caller's rate; or for the gateway itself. */
  read(id: PrintStatusId, caller?: Caller, demand?: { revalidate: boolean }): Promise<Answer> {
    return this.cache.read(this.sourceOf(id, caller), demand);
  }

  /** After a change through the gateway: the next read, on any replica, asks the upstream. */
  invalidate(id: PrintStatusId): Promise<void> {
    return this.cache.invalidate(keyOf(id));
  }

  private sourceOf(id: PrintStatusId, caller: Caller | undefined): Source {
    return {
      key: keyOf(id),
      absentMs: this.lifetimes.unknownJobMs,
      admit: async () => caller && this.upstream.admit(caller),
      fetch: async () => {
        const { text, value } = await this.upstream.run(caller, () => this.idaas.getPrintStatus(id));
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
