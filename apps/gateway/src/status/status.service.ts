import { Injectable } from '@nestjs/common';
import { matchesEtag, type Answer } from '#libs/cache';
import { isFinalStatus, type PrintStatusId } from '#libs/contract';
import { JobRegistry } from '#libs/jobs';
import type { Caller } from '#libs/policy';
import type { ReadDemand } from '../http/read-demand.js';
import { StatusReader } from './status.reader.js';
import { StatusWatcher } from './status.watcher.js';

/** The status of a job for who may see it, at once or when it has changed. Who may is settled before the cache. */
@Injectable()
export class StatusService {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly reader: StatusReader,
    private readonly watcher: StatusWatcher,
  ) {}

  /** With `Prefer: wait`, a caller who knows the status already gets the next one, or the same when the time is over. */
  async read(id: PrintStatusId, caller: Caller, demand: ReadDemand): Promise<Answer> {
    await this.jobs.requireVisible(id, caller.principal, caller.grant.jobs);
    const answer = await this.reader.read(id, caller, demand);
    const { waitSeconds, ifNoneMatch } = demand;
    const { etag, text } = answer.entry;
    if (!waitSeconds || !ifNoneMatch || !matchesEtag(ifNoneMatch, etag) || isFinalText(text)) return answer;
    const changed = await this.watcher.change(id, etag, waitSeconds * 1000, demand.gone());
    return changed ?? this.reader.read(id, caller);
  }
}

function isFinalText(text: string): boolean {
  return isFinalStatus((JSON.parse(text) as { status?: unknown } | null)?.status);
}
