import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { CacheEntry, type Answer } from '#libs/cache';
import type { PrintStatusId } from '#libs/contract';
import { Store } from '#libs/store';
import { LifetimesConfig } from '../lifetimes.config.js';
import { StatusReader } from './status.reader.js';

const CHANNEL = 'statuses';
const MAX_WAITERS = 50_000;

type Waiter = (answer: Answer | undefined) => void;

interface Watched {
  readonly waiters: Map<Waiter, string>;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Waits for a job to change. However many wait, on however many gateways, one of them polls: who holds the job's
 * lease asks, and tells the others what it saw. A poller that dies is followed by another within two intervals. Jobs
 * that nobody waits on are not polled.
 */
@Injectable()
export class StatusWatcher implements BeforeApplicationShutdown {
  private readonly watched = new Map<PrintStatusId, Watched>();
  private readonly owner = randomUUID();
  private readonly stopListening: () => void;
  private waiting = 0;

  constructor(
    private readonly reader: StatusReader,
    private readonly store: Store,
    private readonly config: LifetimesConfig,
  ) {
    this.stopListening = store.subscribe(CHANNEL, (message) => this.hear(message));
  }

  /** The first answer whose entity tag is another than `etag`; undefined when the time or the signal ends first. */
  change(
    id: PrintStatusId,
    etag: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    if (this.waiting >= MAX_WAITERS || signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const end = () => settle(undefined);
      const timer = setTimeout(end, timeoutMs);
      const settle: Waiter = (answer) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.leave(id, settle);
        resolve(answer);
      };
      signal.addEventListener('abort', end, { once: true });
      this.join(id, settle, etag);
    });
  }

  /** Before the server waits for its running requests: who waits for a change would keep it for a minute. */
  beforeApplicationShutdown(): void {
    this.stopListening();
    for (const { waiters } of this.watched.values())
      [...waiters.keys()].forEach((settle) => settle(undefined));
  }

  private join(id: PrintStatusId, waiter: Waiter, etag: string): void {
    this.waiting += 1;
    const watched = this.watched.get(id) ?? { waiters: new Map<Waiter, string>(), timer: undefined };
    watched.waiters.set(waiter, etag);
    this.watched.set(id, watched);
    watched.timer ??= this.pollLater(id);
  }

  private leave(id: PrintStatusId, waiter: Waiter): void {
    const watched = this.watched.get(id);
    if (!watched?.waiters.delete(waiter)) return;
    this.waiting -= 1;
    if (watched.waiters.size > 0) return;
    clearTimeout(watched.timer);
    this.watched.delete(id);
    this.store.compareAndDelete(leaseKey(id), this.owner).catch(() => false);
  }

  private pollLater(id: PrintStatusId): NodeJS.Timeout {
    return setTimeout(() => void this.poll(id), this.config.watchIntervalMs);
  }

  private async poll(id: PrintStatusId): Promise<void> {
    // What fails now is tried again at the next turn; who waits reads once more in the end, and gets the problem then.
    if (await this.isPoller(id)) await this.look(id).catch(() => {});
    const watched = this.watched.get(id);
    if (watched) watched.timer = this.pollLater(id);
  }

  /** While the shared state is away every gateway polls for its own callers. */
  private async isPoller(id: PrintStatusId): Promise<boolean> {
    const [key, ttlMs] = [leaseKey(id), 2 * this.config.watchIntervalMs];
    try {
      if (await this.store.setIfAbsent(key, this.owner, ttlMs)) return true;
      return await this.store.compareAndSet(key, this.owner, this.owner, ttlMs);
    } catch {
      return true;
    }
  }

  private async look(id: PrintStatusId): Promise<void> {
    const answer = await this.reader.read(id);
    this.deliver(id, answer);
    await this.store.publish(CHANNEL, `${id} ${answer.entry.encode()}`).catch(() => {});
  }

  private hear(message: string): void {
    const end = message.indexOf(' ');
    const id = message.slice(0, end) as PrintStatusId;
    if (!this.watched.has(id)) return;
    const entry = CacheEntry.decode(message.slice(end + 1));
    if (entry?.text !== undefined) this.deliver(id, { entry: entry as Answer['entry'], outcome: 'hit' });
  }

  private deliver(id: PrintStatusId, answer: Answer): void {
    const waiters = [...(this.watched.get(id)?.waiters ?? [])];
    for (const [settle, etag] of waiters) if (answer.entry.etag !== etag) settle(answer);
  }
}

function leaseKey(id: PrintStatusId): string {
  return `{${id}}:poller`;
}
