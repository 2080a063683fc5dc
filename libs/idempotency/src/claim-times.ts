/** All in milliseconds. */
export interface ClaimTimes {
  /** How long a claim is held before its request is sent, unless it is renewed. */
  readonly leaseMs: number;
  /** How long a call may take. */
  readonly callMs: number;
  /** After so much more its gateway must have died. */
  readonly marginMs: number;
  readonly completedMs: number;
  readonly unknownMs: number;
}
