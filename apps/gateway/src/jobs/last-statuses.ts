import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { isConversation, type PrintStatusId } from '#libs/contract';
import type { Caller } from '#libs/policy';
import { StatusReader } from '../status/status.reader.js';

/** So many are asked for at the same time, for one page. */
const PARALLEL = 8;
const MAX_CONVERSATIONS = 10_000;
const CONVERSATION_MS = 1_000;

export interface LastStatus {
  readonly status: string | undefined;
  readonly atMs: number;
}

/** The last known statuses of jobs in a list: at most a second old where they may still change. */
@Injectable()
export class LastStatuses {
  private readonly log = new Logger('Jobs');
  /** A conversation with a chip is never cached; in a list it may be a second old, like the others. */
  private readonly conversations = new LRUCache<string, LastStatus>({
    max: MAX_CONVERSATIONS,
    ttl: CONVERSATION_MS,
  });

  constructor(private readonly reader: StatusReader) {}

  /** Without those that cannot be had now. A page of a list is one request, whatever it costs upstream. */
  async of(ids: readonly PrintStatusId[], caller: Caller): Promise<ReadonlyMap<string, LastStatus>> {
    const statuses = new Map<string, LastStatus>();
    const left = [...ids];
    const work = async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        const last = await this.read(id, caller);
        if (last) statuses.set(id, last);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, ids.length) }, work));
    return statuses;
  }

  private async read(id: PrintStatusId, caller: Caller): Promise<LastStatus | undefined> {
    const known = this.conversations.get(id);
    if (known) return known;
    try {
      const { entry } = await this.reader.read(id, { caller, isFree: true });
      const { status } = JSON.parse(entry.text) as { status?: string };
      const last = { status, atMs: entry.storedAtMs };
      if (isConversation(status)) this.conversations.set(id, last);
      return last;
    } catch (error) {
      this.log.debug({ err: error }, 'the status of a listed job cannot be had');
      return undefined;
    }
  }
}
