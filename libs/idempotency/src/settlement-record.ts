import type { Write } from '#libs/store';
import type { StoredResponse } from './idempotency-record.js';
import type { Submission } from './submission.js';

/**
 * What a settlement leaves behind: it frees the key, or ends one that nobody has, and without this nothing would tell what was settled from
 * what was lost with all state.
 */
export interface SettlementRecord extends Pick<Submission, 'operation' | 'target'> {
  /** Names what was sent: the same key may have been claimed anew since. */
  readonly token: string;
  /** Undefined: nothing was done. */
  readonly response?: StoredResponse | undefined;
}

export function settlementKey(id: string): string {
  return `{${id}}:settled`;
}

export function settlementWrite(id: string, settlement: SettlementRecord, ttlMs: number): Write {
  const { token, operation, target, response } = settlement;
  return {
    set: settlementKey(id),
    value: JSON.stringify({ token, operation, target, response } satisfies SettlementRecord),
    ttlMs,
  };
}

export function decodeSettlement(text: string | undefined): SettlementRecord | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as SettlementRecord);
}
