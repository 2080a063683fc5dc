import { randomUUID } from 'node:crypto';
import { Secret } from '#libs/config';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreClock, DeferredWrites } from '#libs/store';
import type { StoredResponse } from './claim.machine.js';
import { ClaimRegistry } from './claim.registry.js';
import { IdempotencyKey } from './idempotency-key.js';
import { Once, type Mark, type Proofs } from './once.js';
import { PrinterTurns } from './printer-turns.js';
import { submissionId, type Submission } from './submission.js';
import { TurnsInTest } from './turns-in-test.js';

const HOUR_MS = 3_600_000;
const SECRET = 'a secret of thirty-two bytes or more';

export const times = {
  leaseMs: 10_000,
  callMs: 30_000,
  marginMs: 30_000,
  completedMs: 24 * HOUR_MS,
  unknownMs: 720 * HOUR_MS,
};

export const ok: StoredResponse = { status: 200, body: '{"printStatus":{"id":"1"}}' };

/** Proves that nothing was done. */
export class NotSent extends Error {}

/** Refused for the gateway's own token. */
export class Refused extends Error {}

export const submission: Submission = {
  key: IdempotencyKey.parse('key') as IdempotencyKey,
  submitter: { issuer: 'i', subject: 's', tenant: undefined },
  operation: 'print',
  target: 'printer',
  body: '{}',
  copies: 1,
  label: undefined,
  reservedAtMs: undefined,
};

export const id = submissionId(submission);

interface Changes {
  readonly times?: Partial<typeof times>;
  /** False: it cannot be had but from the store. */
  readonly secret?: string | false;
  readonly unwritten?: DeferredWrites;
  readonly maySendUnclaimed?: boolean;
  readonly proofs?: Partial<Proofs>;
}

/** `Once` over a store in memory and a clock that the test sets; what it sends is counted. */
export class OnceInTest {
  now = 0;
  sent = 0;
  undone = 0;
  readonly store = new MemoryStore({ maxEntries: 1_000, now: () => this.now });
  readonly clock = new StoreClock(() => this.now);
  readonly turns = new TurnsInTest(new PrinterTurns(this.store, this.clock, times));
  claims!: ClaimRegistry;
  once!: Once;

  constructor() {
    this.restart();
  }

  /** Another gateway on the same store, in the place of the one before. */
  restart({ times: changed, secret = SECRET, unwritten, maySendUnclaimed, proofs }: Changes = {}): void {
    const keys = new SecretKeys(this.store, secret === false ? undefined : new Secret(secret));
    const all = { ...times, ...changed };
    const writes = unwritten ?? new DeferredWrites();
    this.claims = new ClaimRegistry(this.store, writes, keys, this.clock, all, maySendUnclaimed);
    this.once = new Once(this.claims, this.turns, {
      provesNothingDone: (error) => error instanceof NotSent,
      mayBeSentAgain: (error) => error instanceof Refused,
      ...proofs,
    });
  }

  /** Is sent when it is marked, and ends so; `before` comes before the mark. */
  work(result: StoredResponse | Error = ok, before: () => Promise<void> = () => Promise.resolve()) {
    return {
      send: async (mark: Mark) => {
        await before();
        await mark();
        this.sent += 1;
        if (result instanceof Error) throw result;
        return { response: result };
      },
      undo: () => Promise.resolve(void (this.undone += 1)),
    };
  }

  run(result: StoredResponse | Error = ok, changes: Partial<Submission> = {}) {
    return this.once.run({ ...submission, ...changes }, this.work(result));
  }

  runWithoutKey(result: StoredResponse | Error = ok) {
    return this.once.runWithoutKey(submission, this.work(result));
  }

  /** As far as its claim. */
  async claimed() {
    const claim = await this.claims.claim(submission, { token: randomUUID(), demands: [] });
    if (typeof claim !== 'object' || !('state' in claim)) throw new Error('no claim');
    return { id, submission, isKeyed: true, claim, turn: undefined };
  }
}
