/** All in milliseconds. */
export interface IdempotencyTimes {
  /** How long a key is held before its request is sent, unless the lease is renewed. */
  readonly leaseMs: number;
  /** How long a call may take. */
  readonly callMs: number;
  /** After so much more its gateway must have died. */
  readonly marginMs: number;
  readonly completedMs: number;
  readonly unknownMs: number;
}
