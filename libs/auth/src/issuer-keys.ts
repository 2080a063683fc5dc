import type { KeyObject } from 'node:crypto';

/** What of a token's header chooses the key. */
export interface KeyHint {
  readonly alg: string;
  readonly kid?: string;
}

/** The verification keys of one issuer. */
export interface IssuerKeys {
  /** The keys that may have signed what has this header: during a roll-over several may have one id. Throws `IssuerKeysUnavailable`. */
  find(hint: KeyHint): Promise<readonly KeyObject[]>;

  /** After a signature that a known key does not verify: whether the keys are others now, so that a second look pays. */
  renewedAfterBadSignature(): Promise<boolean>;

  /** Ends what it does by itself; it is not asked any more. */
  stop(): void;
}
