import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { matchesEtag, type CachedResponse } from '#libs/cache';
import { isFinalStatus, type PrintStatusId } from '#libs/contract';
import { JobRegistry } from '#libs/jobs';
import { FairRoom, RateExceeded, type Occupant } from '#libs/limits';
import { jobsCoveredFor, type Caller } from '#libs/policy';
import type { CacheDirectives } from '../server/request/cache-directives.js';
import type { CachedRead } from '../server/response/cached-response.interceptor.js';
import { tenantMember } from '../upstream/tenant-member.js';
import { StatusReader } from './status.reader.js';
import { StatusWatcher } from './status.watcher.js';
import { StayingCallers } from './staying-callers.js';

const MAX_WAITING = 50_000;

/** The status of a job for who may see it, at once or when it has changed. Who may is settled before the cache. */
@Injectable()
export class StatusService implements BeforeApplicationShutdown {
  /** Who waits for a change. */
  private readonly waiting = new Set<Occupant>();
  /** Shared fairly, like the places of streams: whoever has to give way is answered at once. */
  private readonly room = new FairRoom<Occupant>(MAX_WAITING);

  constructor(
    private readonly jobs: JobRegistry,
    private readonly reader: StatusReader,
    private readonly watcher: StatusWatcher,
    private readonly staying: StayingCallers,
  ) {}

  /** Before the server waits for its running requests: who waits for a change would keep it for a minute. */
  beforeApplicationShutdown(): void {
    [...this.waiting].forEach((waiting) => waiting.giveWay());
  }

  /**
   * The status. Not promised where this process knows the job and has its status, for this is how most reads end. Throws, or rejects with,
   * what `requireVisible` and the read throw.
   */
  find(id: PrintStatusId, caller: Caller, revalidate = false): CachedResponse | Promise<CachedResponse> {
    const isCovered = jobsCoveredFor(caller, 'ISSUANCE:VIEW');
    return this.jobs.isKnownVisible(id, isCovered)
      ? this.reader.read(id, { caller, revalidate })
      : this.jobs.requireVisible(id, isCovered).then(() => this.reader.read(id, { caller, revalidate }));
  }

  /** With `Prefer: wait`, a caller who knows the status already gets the next one, or the same when the time is over. */
  async read(id: PrintStatusId, caller: Caller, directives: CacheDirectives): Promise<CachedRead> {
    const answer = await this.find(id, caller, directives.revalidate);
    const { waitSeconds, ifNoneMatch } = directives;
    const { etag, text } = answer.entry;
    if (!waitSeconds || !ifNoneMatch || !matchesEtag(ifNoneMatch, etag) || isFinalText(text))
      return { answer };
    const signal = directives.gone();
    const [knownId, timeoutMs] = [this.watcher.idOf(answer), waitSeconds * 1000];
    const startedAtMs = performance.now();
    const changed = await this.change(id, caller, { knownId, timeoutMs, signal });
    if (caller.context) caller.context.waitedMs += performance.now() - startedAtMs;
    if (signal.aborted) return { answer };
    const admitted = await this.staying.admitAgain(directives.authorization, id);
    return { answer: changed ?? (await this.readLast(id, admitted, answer)), waitedSeconds: waitSeconds };
  }

  /** What there is when nothing changed: who may cause no more calls now gets what was known before. */
  private async readLast(id: PrintStatusId, caller: Caller, known: CachedResponse): Promise<CachedResponse> {
    try {
      return await this.reader.read(id, { caller, isPaced: true });
    } catch (error) {
      if (error instanceof RateExceeded) return known;
      throw error;
    }
  }

  /** The first state that is another than the known one; undefined when the time, the signal or the gateway ends first, or no place is left. */
  private change(
    id: PrintStatusId,
    caller: Caller,
    { knownId, timeoutMs, signal }: { knownId: string; timeoutMs: number; signal: AbortSignal },
  ): Promise<CachedResponse | undefined> {
    const member = tenantMember(caller.principal);
    return new Promise((resolve) => {
      const end = () => settle(undefined);
      const waiting: Occupant = { giveWay: end };
      if (signal.aborted || !this.room.enter(member, waiting)) return resolve(undefined);
      const settle = (answer: CachedResponse | undefined) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.waiting.delete(waiting);
        this.room.leave(member, waiting);
        stopWatching();
        resolve(answer);
      };
      const timer = setTimeout(end, timeoutMs);
      const stopWatching = this.watcher.watch(id, caller, (events) => {
        const last = events.at(-1);
        if (last && last.id !== knownId) settle(this.reader.responseOf(last));
      });
      signal.addEventListener('abort', end, { once: true });
      this.waiting.add(waiting);
    });
  }
}

function isFinalText(text: string): boolean {
  return isFinalStatus((JSON.parse(text) as { status?: unknown } | null)?.status);
}
