import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CachedResponse } from '#libs/cache';
import type { PrintStatusId } from '#libs/contract';
import { keyOfJob } from '#libs/jobs';
import { Leases, newLease, Store, type Lease } from '#libs/store';
import { PollPayers } from './poll-payers.js';
import type { StatusEvent } from './status.event.js';
import { StatusHistory } from './status.history.js';
import { StatusMessages } from './status.messages.js';
import { StatusReader } from './status.reader.js';
import type { WatchedJob } from './watched-job.js';

/**
 * Looks at a watched job. However many watch one, on however many gateways, one of them polls: who holds the job's lease asks the
 * upstream, writes down what is new, and tells the others, who read it. A poller that dies is followed by another within two intervals.
 */
@Injectable()
export class StatusPoller {
  private readonly owner = randomUUID();
  private readonly leases: Leases;

  constructor(
    store: Store,
    private readonly reader: StatusReader,
    private readonly payers: PollPayers,
    private readonly history: StatusHistory,
    private readonly messages: StatusMessages,
  ) {
    this.leases = new Leases(store.expendable);
  }

  /** All states that are known after a look: at the upstream, if it is ours to ask; otherwise at what the one who asks has written down. */
  async look(id: PrintStatusId, job: WatchedJob): Promise<readonly StatusEvent[]> {
    if (!(await this.isOurs(id, job))) return this.readHistory(id, job);
    const before = await this.history.read(id);
    const answer = await this.ask(id, job);
    if (!answer) {
      // Somebody who can pay may watch at another gateway.
      this.leave(id);
      return before;
    }
    const events = await this.history.observe(id, answer);
    if (events.at(-1)?.id !== before.at(-1)?.id) await this.messages.tellSeen(id);
    return events;
  }

  /** A state with card data is kept without its text: each gateway whose listeners were not told of it yet reads it itself. */
  async readHistory(id: PrintStatusId, job: WatchedJob): Promise<readonly StatusEvent[]> {
    const events = await this.history.read(id);
    const last = events.at(-1);
    if (!last || last.text !== undefined || last.id === job.toldId) return events;
    const answer = await this.ask(id, job);
    // What cannot be told whole is told at a later turn.
    return answer ? this.history.observe(id, answer) : [];
  }

  /** In how long one of those who watch may cause a call. */
  readyInMs({ listeners }: WatchedJob): number {
    return this.payers.readyInMs(listeners.values());
  }

  /** Leaves the job to another gateway. */
  leave(id: PrintStatusId): void {
    this.leases.release(this.leaseOf(id));
  }

  /** While the shared state is away every gateway polls for its own callers. */
  private isOurs(id: PrintStatusId, { intervalMs }: WatchedJob): Promise<boolean> {
    return this.leases.hold(this.leaseOf(id, 2 * intervalMs)).catch(() => true);
  }

  private leaseOf(id: PrintStatusId, ttlMs = 0): Lease {
    return newLease(keyOfJob(id, 'poller'), ttlMs, this.owner);
  }

  /** Undefined when nobody who watches may cause a call now. */
  private ask(id: PrintStatusId, { listeners, intervalMs }: WatchedJob): Promise<CachedResponse | undefined> {
    return this.payers.charge(listeners.values(), (caller) =>
      this.reader.read(id, { caller, isPaced: true, maxAgeMs: intervalMs / 2 }),
    );
  }
}
