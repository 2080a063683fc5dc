import type { KeyObject } from 'node:crypto';

/** What of a token's header chooses the key. */
export interface KeyHint {
  readonly alg: string;
  readonly kid?: string;
}

/** The verification keys of one issuer. */
export interface IssuerKeys {
  /** The key, or undefined when the issuer has none for this hint. Throws `IssuerKeysUnavailable`. */
  find(hint: KeyHint): Promise<KeyObject | undefined>;

  /** After a signature that a known key does not verify: whether the keys are others now, so that a second look pays. */
  renewedAfterBadSignature(): Promise<boolean>;

  /** Ends what it does by itself; it is not asked any more. */
  stop(): void;
}
