import type { Write } from '#libs/store';
import type { StoredResponse } from './claim.machine.js';
import type { Submission } from './submission.js';

/**
 * What a settlement leaves behind: it frees the key, or ends one that nobody has, and without this nothing would tell what was settled from
 * what was lost with all state.
 */
export interface Settled extends Pick<Submission, 'operation' | 'target'> {
  /** Names what was sent: the same key may have been claimed anew since. */
  readonly token: string;
  /** Undefined: nothing was done. */
  readonly response?: StoredResponse | undefined;
}

export function settledKey(id: string): string {
  return `{${id}}:settled`;
}

export function settledAs(id: string, settled: Settled, ttlMs: number): Write {
  const { token, operation, target, response } = settled;
  return {
    set: settledKey(id),
    value: JSON.stringify({ token, operation, target, response } satisfies Settled),
    ttlMs,
  };
}

export function decodeSettled(text: string | undefined): Settled | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Settled);
}
