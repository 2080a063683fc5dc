import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { CachedResponse } from '#libs/cache';
import type { PrintStatusId } from '#libs/contract';
import type { Caller } from '#libs/policy';
import { Metrics } from '#libs/telemetry';
import { StatusPollConfig } from './status-poll.config.js';
import { KnownStatuses } from './known-statuses.js';
import { pollInterval } from './poll-interval.js';
import type { StatusEvent } from './status.event.js';
import { StatusHistory } from './status.history.js';
import { StatusMessages } from './status.messages.js';
import { StatusPoller } from './status.poller.js';
import { StatusReader } from './status.reader.js';
import { WatchedJob, type StatusListener } from './watched-job.js';

/**
 * Follows jobs for those who watch them at this gateway: when each is looked at, and who is told. Each poll is counted to one of those who
 * watch, in turn; a job is polled no more while none of them may cause a call, or nobody watches.
 */
@Injectable()
export class StatusWatcher implements BeforeApplicationShutdown {
  private readonly watched = new Map<PrintStatusId, WatchedJob>();
  private readonly stopListening: () => void;
  private isStopping = false;

  constructor(
    private readonly reader: StatusReader,
    private readonly known: KnownStatuses,
    private readonly history: StatusHistory,
    private readonly poller: StatusPoller,
    private readonly messages: StatusMessages,
    private readonly config: StatusPollConfig,
    metrics: Metrics,
  ) {
    metrics.gauge('watched_jobs', 'Jobs that somebody follows at this gateway.', () => this.watched.size);
    this.stopListening = messages.listen({
      changed: (id) => {
        this.known.forgetChanging(id);
        this.lookNow(id);
      },
      seen: (id) => void this.hearNews(id),
    });
  }

  /** Calls the listener until the returned function is called; until then polls may be counted to this caller. */
  watch(id: PrintStatusId, caller: Caller, listener: StatusListener): () => void {
    const job = this.watched.get(id) ?? new WatchedJob(this.config.watchIntervalMs);
    this.watched.set(id, job);
    job.listeners.set(listener, caller);
    // Who comes now may be able to pay before those who watch already.
    if (!job.isTurning) this.turnLater(id, job);
    return () => {
      job.listeners.delete(listener);
      if (job.listeners.size === 0) this.end(id, job);
    };
  }

  /** The states that are known, the present one last; read for this caller, whom it may cost a call. */
  async look(id: PrintStatusId, caller: Caller): Promise<readonly StatusEvent[]> {
    const events = await this.history.observe(id, await this.reader.read(id, { caller }));
    this.watched.get(id)?.tell(events);
    return events;
  }

  /** How the state that this answer shows is named among the events. */
  idOf({ entry }: CachedResponse): string {
    return this.history.idOf(entry);
  }

  /** After a change through the gateway: whoever polls the job looks at once. */
  async changed(id: PrintStatusId): Promise<void> {
    this.known.forgetChanging(id);
    await this.reader.invalidate(id);
    await this.messages.tellChanged(id).catch(() => this.lookNow(id));
  }

  /** What is left to look at is left to the other gateways. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.stopListening();
    for (const [id, job] of this.watched) this.end(id, job);
  }

  private end(id: PrintStatusId, job: WatchedJob): void {
    clearTimeout(job.timer);
    if (this.watched.get(id) === job) this.watched.delete(id);
    this.poller.leave(id);
  }

  /** After the interval, and not before one of those who watch may cause a call. */
  private turnLater(id: PrintStatusId, job: WatchedJob): void {
    clearTimeout(job.timer);
    // Who watches may leave as they are told.
    if (this.isStopping || job.listeners.size === 0) return;
    const isDueInMs = job.lookedAtMs + job.intervalMs - Date.now();
    const inMs = Math.max(0, isDueInMs, this.poller.readyInMs(job));
    job.timer = setTimeout(() => void this.turn(id, job), inMs);
  }

  /** What fails now is tried again at the next turn. */
  private async turn(id: PrintStatusId, job: WatchedJob): Promise<void> {
    if (job.isTurning) return;
    job.isTurning = true;
    const events = await this.poller.look(id, job).catch(() => []);
    job.isTurning = false;
    const { lookAgain } = job;
    job.lookAgain = false;
    job.lookedAtMs = Date.now();
    if (this.watched.get(id) !== job) return;
    job.tell(events);
    job.intervalMs = pollInterval(events.at(-1), Date.now(), this.config);
    if (lookAgain) this.lookNow(id);
    else this.turnLater(id, job);
  }

  /** Right after the turn that is under way, where one is. */
  private lookNow(id: PrintStatusId): void {
    const job = this.watched.get(id);
    if (!job) return;
    if (job.isTurning) job.lookAgain = true;
    job.intervalMs = this.config.watchIntervalMs;
    void this.turn(id, job);
  }

  /** What fails now is tried again at the next turn. */
  private async hearNews(id: PrintStatusId): Promise<void> {
    const job = this.watched.get(id);
    job?.tell(await this.poller.readHistory(id, job).catch(() => []));
  }
}
