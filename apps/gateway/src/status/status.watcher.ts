import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Answer } from '#libs/cache';
import type { PrintStatusId } from '#libs/contract';
import type { Caller } from '#libs/policy';
import { Store } from '#libs/store';
import { Metrics } from '#libs/telemetry';
import { LifetimesConfig } from '../lifetimes.config.js';
import { KnownStatuses } from './known-statuses.js';
import { PollPayers } from './poll-payers.js';
import { keptEvent, type StatusEvent } from './status.event.js';
import { StatusHistory } from './status.history.js';
import { StatusReader } from './status.reader.js';
import { pollInterval } from './poll-interval.js';

const CHANNEL = 'statuses';

/** Told all states that are known of a job, whenever there may be a new one. */
export type StatusListener = (events: readonly StatusEvent[]) => void;

interface Watched {
  /** Who watches, and on whose account. */
  readonly listeners: Map<StatusListener, Caller>;
  timer: NodeJS.Timeout | undefined;
  isTurning: boolean;
  intervalMs: number;
  /** When the last look ended. */
  lookedAtMs: number;
  /** The last state that the listeners were told with its text. */
  toldId: string | undefined;
}

/**
 * Follows jobs. However many watch one, on however many gateways, one of them polls: who holds the job's lease asks, and
 * tells the others. A poller that dies is followed by another within two intervals. Each poll is counted to one of those who watch, in turn;
 * a job is polled no more while none of them may cause a call, or nobody watches.
 */
@Injectable()
export class StatusWatcher implements BeforeApplicationShutdown {
  private readonly watched = new Map<PrintStatusId, Watched>();
  private readonly owner = randomUUID();
  private readonly stopListening: () => void;
  private isStopping = false;

  constructor(
    private readonly reader: StatusReader,
    private readonly known: KnownStatuses,
    private readonly payers: PollPayers,
    private readonly history: StatusHistory,
    private readonly store: Store,
    private readonly config: LifetimesConfig,
    metrics: Metrics,
  ) {
    metrics.gauge('watched_jobs', 'Jobs that somebody follows at this gateway.', () => this.watched.size);
    this.stopListening = store.subscribe(CHANNEL, (message) => void this.hear(message));
  }

  /** Calls the listener until the returned function is called; until then polls may be counted to this caller. */
  watch(id: PrintStatusId, caller: Caller, listener: StatusListener): () => void {
    const watched = this.watched.get(id) ?? this.begin(id);
    watched.listeners.set(listener, caller);
    // Who comes now may be able to pay before those who watch already.
    if (!watched.isTurning) this.turnLater(id, watched);
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size === 0) this.end(id, watched);
    };
  }

  /** The states that are known, the present one last; read for this caller, whom it may cost a call. */
  async look(id: PrintStatusId, caller: Caller): Promise<readonly StatusEvent[]> {
    const events = await this.history.observe(id, await this.reader.read(id, { caller }));
    this.deliver(this.watched.get(id), events);
    return events;
  }

  /** How the state that this answer shows is named among the events. */
  idOf({ entry }: Answer): string {
    return this.history.idOf(entry);
  }

  /** After a change through the gateway: whoever polls the job looks at once. */
  async changed(id: PrintStatusId): Promise<void> {
    this.known.forgetChanging(id);
    await this.reader.invalidate(id);
    await this.store.publish(CHANNEL, `look ${id}`).catch(() => this.lookNow(id));
  }

  /** What is left to look at is left to the other gateways. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.stopListening();
    for (const [id, watched] of this.watched) this.end(id, watched);
  }

  private begin(id: PrintStatusId): Watched {
    const intervalMs = this.config.watchIntervalMs;
    const watched: Watched = {
      listeners: new Map(),
      timer: undefined,
      isTurning: false,
      intervalMs,
      lookedAtMs: Date.now(),
      toldId: undefined,
    };
    this.watched.set(id, watched);
    return watched;
  }

  private end(id: PrintStatusId, watched: Watched): void {
    clearTimeout(watched.timer);
    if (this.watched.get(id) === watched) this.watched.delete(id);
    this.giveUpLease(id);
  }

  private giveUpLease(id: PrintStatusId): void {
    this.store.compareAndDelete(leaseKey(id), this.owner).catch(() => false);
  }

  /** After the interval, and not before one of those who watch may cause a call. */
  private turnLater(id: PrintStatusId, watched: Watched): void {
    clearTimeout(watched.timer);
    if (this.isStopping) return;
    const isDueInMs = watched.lookedAtMs + watched.intervalMs - Date.now();
    const inMs = Math.max(0, isDueInMs, this.payers.readyInMs(watched.listeners.values()));
    watched.timer = setTimeout(() => void this.turn(id, watched), inMs);
  }

  /** What fails now is tried again at the next turn. */
  private async turn(id: PrintStatusId, watched: Watched): Promise<void> {
    if (watched.isTurning) return;
    watched.isTurning = true;
    const events = await this.see(id, watched).catch(() => []);
    watched.isTurning = false;
    watched.lookedAtMs = Date.now();
    if (this.watched.get(id) !== watched) return;
    this.deliver(watched, events);
    watched.intervalMs = pollInterval(events.at(-1), Date.now(), this.config);
    this.turnLater(id, watched);
  }

  /** Asks the upstream, if it is ours to ask; otherwise what the one who asks has written down. */
  private async see(id: PrintStatusId, watched: Watched): Promise<readonly StatusEvent[]> {
    if (!(await this.isPoller(id, watched.intervalMs))) return this.readHistory(id, watched);
    const before = await this.history.read(id);
    const answer = await this.ask(id, watched);
    if (!answer) {
      // Somebody who can pay may watch at another gateway.
      this.giveUpLease(id);
      return before;
    }
    const events = await this.history.observe(id, answer);
    if (events.at(-1)?.id !== before.at(-1)?.id) await this.tell(id, events);
    return events;
  }

  /** A state with card data is kept without its text: each gateway whose listeners were not told of it yet reads it itself. */
  private async readHistory(id: PrintStatusId, watched: Watched): Promise<readonly StatusEvent[]> {
    const events = await this.history.read(id);
    const last = events.at(-1);
    if (!last || last.text !== undefined || last.id === watched.toldId) return events;
    const answer = await this.ask(id, watched);
    // What cannot be told whole is told at a later turn.
    return answer ? this.history.observe(id, answer) : [];
  }

  /** Undefined when nobody who watches may cause a call now. */
  private ask(id: PrintStatusId, { listeners, intervalMs }: Watched): Promise<Answer | undefined> {
    return this.payers.charge(listeners.values(), (caller) =>
      this.reader.read(id, { caller, isPaced: true, maxAgeMs: intervalMs / 2 }),
    );
  }

  /** While the shared state is away every gateway polls for its own callers. */
  private async isPoller(id: PrintStatusId, intervalMs: number): Promise<boolean> {
    const [key, ttlMs] = [leaseKey(id), 2 * intervalMs];
    try {
      if (await this.store.setIfAbsent(key, this.owner, ttlMs)) return true;
      return await this.store.compareAndSet(key, this.owner, this.owner, ttlMs);
    } catch {
      return true;
    }
  }

  private async tell(id: PrintStatusId, events: readonly StatusEvent[]): Promise<void> {
    await this.store
      .publish(CHANNEL, `seen ${id} ${JSON.stringify(events.map(keptEvent).at(-1))}`)
      .catch(() => {});
  }

  private async hear(message: string): Promise<void> {
    const [what, id] = message.split(' ', 2) as [string, PrintStatusId];
    if (what === 'look') this.known.forgetChanging(id);
    const watched = this.watched.get(id);
    if (!watched) return;
    if (what === 'look') return this.lookNow(id);
    // What fails now is tried again at the next turn.
    this.deliver(watched, await this.readHistory(id, watched).catch(() => []));
  }

  private lookNow(id: PrintStatusId): void {
    const watched = this.watched.get(id);
    if (!watched) return;
    watched.intervalMs = this.config.watchIntervalMs;
    void this.turn(id, watched);
  }

  private deliver(watched: Watched | undefined, events: readonly StatusEvent[]): void {
    const last = events.at(-1);
    if (!watched || !last) return;
    if (last.text !== undefined) watched.toldId = last.id;
    [...watched.listeners.keys()].forEach((listener) => listener(events));
  }
}

function leaseKey(id: PrintStatusId): string {
  return `{${id}}:poller`;
}
