import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { matchesEtag, type Answer } from '#libs/cache';
import { isFinalStatus, type PrintStatusId } from '#libs/contract';
import { JobRegistry } from '#libs/jobs';
import type { Caller } from '#libs/policy';
import type { ReadDemand } from '../http/read-demand.js';
import { StatusReader } from './status.reader.js';
import { StatusWatcher } from './status.watcher.js';
import { StatusesAtHand } from './statuses-at-hand.js';

const MAX_WAITING = 50_000;

/** The status of a job for who may see it, at once or when it has changed. Who may is settled before the cache. */
@Injectable()
export class StatusService implements BeforeApplicationShutdown {
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly jobs: JobRegistry,
    private readonly atHand: StatusesAtHand,
    private readonly reader: StatusReader,
    private readonly watcher: StatusWatcher,
  ) {}

  /** Before the server waits for its running requests: who waits for a change would keep it for a minute. */
  beforeApplicationShutdown(): void {
    [...this.waiting].forEach((end) => end());
  }

  /**
   * The status: at once where it is at hand, for this is how most reads end; promised otherwise. Throws, or rejects with, what
   * `requireVisible` and the read throw.
   */
  find(id: PrintStatusId, caller: Caller, revalidate = false): Answer | Promise<Answer> {
    const answer = revalidate ? undefined : this.atHand.find(id, caller);
    return answer ?? this.findOut(id, caller, revalidate);
  }

  /** With `Prefer: wait`, a caller who knows the status already gets the next one, or the same when the time is over. */
  async read(id: PrintStatusId, caller: Caller, demand: ReadDemand): Promise<Answer> {
    const answer = await this.find(id, caller, demand.revalidate);
    const { waitSeconds, ifNoneMatch } = demand;
    const { etag, text } = answer.entry;
    if (!waitSeconds || !ifNoneMatch || !matchesEtag(ifNoneMatch, etag) || isFinalText(text)) return answer;
    const changed = await this.change(id, etag, waitSeconds * 1000, demand.gone());
    return changed ?? this.reader.read(id, { caller });
  }

  private async findOut(id: PrintStatusId, caller: Caller, revalidate: boolean): Promise<Answer> {
    const job = await this.jobs.requireVisible(id, caller.principal, caller.grant.jobs);
    const answer = await this.reader.read(id, { caller, revalidate });
    this.atHand.note(id, job);
    return answer;
  }

  /** The first state that is another than `etag`; undefined when the time, the signal or the gateway ends first. */
  private change(
    id: PrintStatusId,
    etag: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    if (this.waiting.size >= MAX_WAITING || signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const end = () => settle(undefined);
      const settle = (answer: Answer | undefined) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.waiting.delete(end);
        stopWatching();
        resolve(answer);
      };
      const timer = setTimeout(end, timeoutMs);
      const stopWatching = this.watcher.watch(id, (events) => {
        const answer = this.reader.answerOf(events.at(-1));
        if (answer?.entry.etag !== etag) settle(answer);
      });
      signal.addEventListener('abort', end, { once: true });
      this.waiting.add(end);
    });
  }
}

function isFinalText(text: string): boolean {
  return isFinalStatus((JSON.parse(text) as { status?: unknown } | null)?.status);
}
