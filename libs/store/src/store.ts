/** Tells a subscriber what was published. */
export type Listener = (message: string) => void;

/** The right to do something, which one owner at a time has: where it lies, whose it is, and how long it lasts at most (`Leases`). */
export interface Lease {
  readonly key: string;
  readonly owner: string;
  readonly ttlMs: number;
}

/** A part of a sum, which a member has. */
export interface Reservation {
  readonly member: string;
  readonly amount: number;
  /** How long it stands without being kept. */
  readonly heldMs: number;
}

/** What stood under a key, and whether the lease to make it anew is the asker's now. */
export interface Look {
  readonly value: string | undefined;
  readonly isClaimed: boolean;
}

/** What must stand under a key, or that nothing does, for a change to be made. */
export interface Condition {
  readonly key: string;
  readonly is: string | undefined;
}

/** A part of a change. */
export type Write =
  | { readonly set: string; readonly value: string; readonly ttlMs: number; readonly ifAbsent?: boolean }
  /** Removes what stands under the key; where a value is given, that one only. */
  | { readonly remove: string; readonly value?: string }
  /** Puts a member at this score into a sorted index, which lasts `ttlMs` from its last addition; those below `minScore` go. */
  | {
      readonly list: string;
      readonly member: string;
      readonly score: number;
      readonly ttlMs: number;
      readonly minScore?: number;
    }
  /** Removes a member from an index, if it is there. */
  | { readonly unlist: string; readonly member: string }
  /** Leaves a member at most so much of what it has reserved. */
  | { readonly lower: string; readonly member: string; readonly to: number }
  | { readonly publish: string; readonly message: string }
  /** Adds a record to the end of a stream, like `Store.append`. */
  | { readonly append: string; readonly record: string; readonly maxLength: number };

/**
 * What a change needs of a sum that has a limit. A counter, which is among what may be lost (`Store.expendable`), goes up by one where it
 * is below the limit; its `ttlMs` counts from its first increment. A member reserves an amount unless the sum of all would go over the
 * limit; it needs nothing more where it has reserved before, and gets nothing where it was lowered to zero in the last minutes, so that each
 * of these steps can be made again, in any order, when its reply was lost. The reservation is gone after `heldMs` unless it is kept;
 * `ttlMs` counts from the first of all. What a member keeps must be reserved, and stays so until it is lowered.
 */
export type Take =
  | { readonly count: string; readonly limit: number; readonly ttlMs: number }
  | {
      readonly reserve: string;
      readonly reservation: Reservation;
      readonly limit: number;
      readonly ttlMs: number;
    }
  | { readonly keep: string; readonly member: string };

/** The sum before it was taken of, and whether there is room for what was asked. */
export interface Room {
  readonly sum: number;
  readonly suffices: boolean;
}

/** A change of several keys: all of it, or nothing where a condition does not hold or a sum has no room. */
export interface Change {
  readonly conditions: readonly Condition[];
  /** Of sums of their own: none is named twice. */
  readonly takes?: readonly Take[];
  readonly writes: readonly Write[];
  /** Nothing is done after this time of the Store, either. */
  readonly notAfterMs?: number | undefined;
  /**
   * For what must survive the loss of a server: it counts only once as many replicas hold it as are configured. `StoreUnavailable` when
   * they do not in time; the change may stand all the same.
   */
  readonly isDurable?: boolean;
}

export interface Outcome {
  readonly isDone: boolean;
  /** What stood under the key of each condition. */
  readonly found: readonly (string | undefined)[];
  /** What stood of each sum that was to be taken of; empty where a condition does not hold. */
  readonly rooms: readonly Room[];
  /** The time of the Store, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The right to be next somewhere, which one at a time has. */
export interface Turn {
  /** Where it lies. */
  readonly key: string;
  /** Who waits: one process. Those that wait come in the order in which they asked first. */
  readonly waiter: string;
  /** Names this turn. */
  readonly owner: string;
  /** How long it lasts, unless it is renewed. */
  readonly ttlMs: number;
  /** Who has not asked again for so long does not wait any more. */
  readonly patienceMs: number;
  /** What is looked at in the same step. */
  readonly look: string;
}

export interface TurnTaken {
  readonly isTaken: boolean;
  /** What stands under `look`. */
  readonly found: string | undefined;
  readonly nowMs: number;
}

/**
 * The state that gateways share. One class is contract and injection token at once; `RedisStore` and `MemoryStore`
 * keep it, held to one suite of tests. Every operation is atomic by itself. Times are milliseconds, and a `ttlMs`
 * must be a positive whole number. Keys and values are texts; in a Redis Cluster all of them live in one slot. Every method may throw `StoreUnavailable`, within
 * the command timeout; whether a change that failed so was made is then unknown.
 */
export abstract class Store {
  /** Whether other gateways see the same state. */
  abstract readonly isShared: boolean;

  /** Whether operations can be expected to succeed now. */
  abstract readonly isUp: boolean;

  /** What kind of error it refuses writes with, although it answers; undefined when it does not. */
  abstract readonly trouble: string | undefined;

  /**
   * Where that is put which may be lost at any time, such as copies of answers: keys of their own, by the same rules, but where there is no
   * room the oldest entries go. Everything else stays until its time is over.
   */
  abstract readonly expendable: Store;

  /**
   * To be called before something is begun that leaves entries behind which must stay: throws `StoreFull` while there is no room for
   * them. What was begun before finds room.
   */
  abstract requireRoom(): void;

  /** The value, or undefined when there is none or its time is over. */
  abstract get(key: string): Promise<string | undefined>;

  /** Puts the value in the place of whatever is there. */
  abstract set(key: string, value: string, ttlMs: number): Promise<void>;

  /** Puts the value where there is none; whether it did. */
  abstract setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;

  /** Puts the value in the place of exactly `expected`; whether it did. A new `ttlMs` begins. */
  abstract compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean>;

  /**
   * The value; and unless a number above `currentAt` stands at its beginning, the lease is taken where nobody has it. A lease
   * that was asked for in vain, because the answer did not come in time, is given back as soon as can be.
   */
  abstract getOrClaim(key: string, currentAt: number, lease: Lease): Promise<Look>;

  /** Puts the value in the place of exactly `expected`, or of none; whether it did. The lease, if it is held, is given back. */
  abstract settleClaim(
    key: string,
    expected: string | undefined,
    value: string,
    ttlMs: number,
    lease: Lease,
  ): Promise<boolean>;

  /**
   * Makes a change, as one step. Where its reply was lost it can be asked for again: `found` then tells whether it was made, provided that
   * it leaves something behind that names it.
   */
  abstract commit(change: Change): Promise<Outcome>;

  /** Takes the turn where nobody has it and nobody waits before this waiter. Asked again by the owner, it is taken still. */
  abstract takeTurn(turn: Turn): Promise<TurnTaken>;

  /** Does not wait for the turn any more. */
  abstract leaveTurn(key: string, waiter: string): Promise<void>;

  /** The time of the Store, in milliseconds since the epoch: the same for all processes, whatever their clocks say. */
  abstract time(): Promise<number>;

  /** Removes exactly `expected`; whether it did. */
  abstract compareAndDelete(key: string, expected: string): Promise<boolean>;

  abstract delete(key: string): Promise<void>;

  /** Adds to a counter, which begins at zero, and answers its new value. `ttlMs` counts from its first increment. */
  abstract increment(key: string, by: number, ttlMs: number): Promise<number>;

  /** The sum of what all members have reserved. */
  abstract readReserved(key: string): Promise<number>;

  /** Members with a score of at most `maxScore`, highest first, equal scores in descending order of their text. */
  abstract readIndex(
    key: string,
    maxScore: number,
    limit: number,
  ): Promise<{ member: string; score: number }[]>;

  /** Adds a record to the end of a stream, which keeps about its last `maxLength` (never fewer). */
  abstract append(stream: string, record: string, maxLength: number): Promise<void>;

  /** Removes the records of a stream that were added longer ago than this, or that stand in the place of such (`RedisInventory.replaceRecords`). */
  abstract dropOlder(stream: string, ageMs: number): Promise<void>;

  /** The last records of a stream, newest first. */
  abstract readLast(stream: string, limit: number): Promise<string[]>;

  /** Tells every subscriber of the channel, in every process that shares the state; one that is away misses it. */
  abstract publish(channel: string, message: string): Promise<void>;

  /** Listens to a channel until the returned function is called. Never throws: while the state is away it is deaf. */
  abstract subscribe(channel: string, listener: Listener): () => void;

  abstract close(): Promise<void>;
}
