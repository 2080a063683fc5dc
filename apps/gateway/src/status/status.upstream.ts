import { Injectable } from '@nestjs/common';
import type { Loaded, Lifetime } from '#libs/cache';
import { isConversation, isFinalStatus, type PrintStatusId } from '#libs/contract';
import { IdaasClient } from '#libs/idaas';
import type { Caller } from '#libs/policy';
import { CacheTtlConfig } from '../cache-ttl.config.js';
import { PrintQuota } from '../printing/print-quota.js';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import { KnownStatuses } from './known-statuses.js';

/** The statuses of jobs as the upstream has them, and how long each may be kept. */
@Injectable()
export class StatusUpstream {
  private readonly final: Lifetime;
  private readonly changing: Lifetime;

  constructor(
    private readonly idaas: IdaasClient,
    private readonly access: UpstreamAccess,
    private readonly known: KnownStatuses,
    private readonly cards: PrintQuota,
    private readonly lifetimes: CacheTtlConfig,
  ) {
    [this.final, this.changing] = [lifetimes.finalStatus, lifetimes.changingStatus];
  }

  /** How long it is remembered that the upstream does not know a job. */
  get absentMs(): number {
    return this.lifetimes.unknownJobMs;
  }

  /** Counts the call against the caller's rate (`UpstreamAccess.admit`). */
  admit(caller: Caller): Promise<void> | undefined {
    return this.access.admit(caller);
  }

  /** Counts it as one of many (`UpstreamAccess.admitPaced`). */
  admitPaced(caller: Caller): Promise<void> {
    return this.access.admitPaced(caller);
  }

  async fetch(id: PrintStatusId, caller: Caller): Promise<Loaded> {
    const atMs = Date.now();
    const { text, value } = await this.access.run(caller, (context) =>
      this.idaas.getPrintStatus(id, context),
    );
    const { status, data } = (value ?? {}) as {
      status?: unknown;
      data?: { copiesRemaining?: unknown } | null;
    };
    // Before the status is kept: where this is cut off, whoever reads it next comes here again.
    if (endedEarly(status)) await this.giveBackCards(id, data?.copiesRemaining);
    this.known.note(id, { status: typeof status === 'string' ? status : undefined, atMs });
    return { text, lifetime: this.lifetimeOf(status) };
  }

  /** Of a job that has ended: the cards that it did not print, as far as the upstream says how many (issuance-api 5.46). */
  private async giveBackCards(id: PrintStatusId, remaining: unknown): Promise<void> {
    if (Number.isSafeInteger(remaining) && Number(remaining) > 0)
      await this.cards.giveBackOf(id, Number(remaining));
  }

  /** Undefined for a status that is never kept. */
  lifetimeOf(status: unknown): Lifetime | undefined {
    if (isConversation(status)) return undefined;
    return isFinalStatus(status) ? this.final : this.changing;
  }
}

/** Whether a job has ended that may not have printed all of its cards. Of one that says COMPLETED every card counts, whatever else it says. */
function endedEarly(status: unknown): boolean {
  return status === 'CANCELLED' || status === 'FAILED';
}
