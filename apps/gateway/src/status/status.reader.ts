import { Injectable } from '@nestjs/common';
import {
  CacheEntry,
  ReadThroughCache,
  type Answer,
  type Demand,
  type Lifetime,
  type Source,
} from '#libs/cache';
import { isConversation, isFinalStatus, type PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import type { Caller } from '#libs/policy';
import { LifetimesConfig } from '../lifetimes.config.js';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import type { StatusEvent } from './status.event.js';

const KIND = 'status';
const NOT_KEPT: Lifetime = { freshMs: 0, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };

export interface StatusDemand extends Demand {
  /** Who asks: it is that caller's turn upstream, and within that caller's rate. The gateway itself when left out. */
  readonly caller?: Caller;
  /** Whether it does not count against the caller's rate. */
  readonly isFree?: boolean;
}

/** The one way to read the status of a job: through the cache. */
@Injectable()
export class StatusReader {
  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly cache: ReadThroughCache,
    private readonly lifetimes: LifetimesConfig,
  ) {}

  /** What this process has of it and may serve, at once; undefined is no answer, and `read` finds one. */
  atHand(id: PrintStatusId): Answer | undefined {
    return this.cache.atHand({ kind: KIND, key: keyOf(id) });
  }

  read(id: PrintStatusId, demand: StatusDemand = {}): Promise<Answer> {
    return this.cache.read(this.sourceOf(id, demand), demand);
  }

  /** A state that was seen, as an answer; undefined where its text was not kept. */
  answerOf(event: StatusEvent | undefined): Answer | undefined {
    if (event?.text === undefined) return undefined;
    const entry = new CacheEntry(event.text, event.atMs, this.lifetimeOf(event.status) ?? NOT_KEPT);
    return { entry: entry as Answer['entry'], outcome: 'hit' };
  }

  /** After a change through the gateway: the next read, on any replica, asks the upstream. */
  invalidate(id: PrintStatusId): Promise<void> {
    return this.cache.invalidate(keyOf(id));
  }

  private sourceOf(id: PrintStatusId, { caller, isFree }: StatusDemand): Source {
    return {
      kind: KIND,
      key: keyOf(id),
      absentMs: this.lifetimes.unknownJobMs,
      admit: async () => (caller && !isFree ? this.upstream.admit(caller) : undefined),
      fetch: async () => {
        const { text, value } = await this.upstream.run(caller, (context) =>
          this.idaas.getPrintStatus(id, context),
        );
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
