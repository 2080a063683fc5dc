import { Injectable } from '@nestjs/common';
import type { AuditEvent } from '#libs/audit';
import { UNFINISHED_SETTLEMENTS } from '#libs/idempotency';
import { Store, StoreClock, DeferredWrites, type Write } from '#libs/store';

const MAX_LISTED = 100;
const KEPT_MS = 604_800_000;
/** Whoever settles finishes sooner, or not at all. */
const LEFT_AFTER_MS = 2_000;

/** What is still to be done for a settlement that is written down. */
export interface UnfinishedSettlement {
  /** Names what was sent. */
  readonly token: string;
  readonly event: AuditEvent;
}

/**
 * What belongs to a settlement beside its one step: it is listed in that step, so that it is done also where the reply to the step was
 * lost, or the gateway died behind it.
 */
@Injectable()
export class UnfinishedSettlements {
  constructor(
    private readonly store: Store,
    private readonly clock: StoreClock,
    private readonly unwritten: DeferredWrites,
  ) {}

  listing(settlement: UnfinishedSettlement): Write {
    const score = this.clock.nowMs ?? 0;
    return { list: UNFINISHED_SETTLEMENTS, member: JSON.stringify(settlement), score, ttlMs: KEPT_MS };
  }

  /** It is finished. Never rejects. */
  unlist(settlement: UnfinishedSettlement): Promise<void> {
    const writes = [{ unlist: UNFINISHED_SETTLEMENTS, member: JSON.stringify(settlement) }];
    return this.unwritten.write('the end of a settlement', async () => {
      await this.store.commit({ conditions: [], writes });
    });
  }

  /** Those that nobody is finishing. Throws `StoreUnavailable`. */
  async left(): Promise<UnfinishedSettlement[]> {
    const untilMs = (await this.store.time()) - LEFT_AFTER_MS;
    const entries = await this.store.readIndex(UNFINISHED_SETTLEMENTS, untilMs, MAX_LISTED);
    return entries.map(({ member }) => JSON.parse(member) as UnfinishedSettlement);
  }
}
