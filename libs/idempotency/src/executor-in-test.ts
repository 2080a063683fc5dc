import { randomUUID } from 'node:crypto';
import { Secret } from '#libs/config';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreClock, DeferredWrites } from '#libs/store';
import type { StoredResponse } from './idempotency-record.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IdempotencyKey } from './idempotency-key.js';
import type { ExecutionRules, MarkDispatched } from './idempotent-action.js';
import { IdempotentExecutor } from './idempotent-executor.js';
import { InFlightSubmissions } from './in-flight-submissions.js';
import { PrinterTurns } from './printer-turns.js';
import { submissionId, type Submission } from './submission.js';
import { TurnSchedulerInTest } from './turn-scheduler-in-test.js';

const HOUR_MS = 3_600_000;
const COMPENSATED = 'compensated';
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
  readonly deferredWrites?: DeferredWrites;
  readonly mayExecuteWithoutStore?: boolean;
  readonly rules?: Partial<ExecutionRules>;
}

/** An `IdempotentExecutor` over a store in memory and a clock that the test sets; what it sends is counted. */
export class ExecutorInTest {
  now = 0;
  sent = 0;
  readonly store = new MemoryStore({ maxEntries: 1_000, now: () => this.now });
  readonly clock = new StoreClock(() => this.now);
  readonly scheduler = new TurnSchedulerInTest(new PrinterTurns(this.store, this.clock, times));
  readonly inFlight = new InFlightSubmissions(this.store, this.clock, times);
  repository!: IdempotencyRepository;
  executor!: IdempotentExecutor;

  constructor() {
    this.restart();
  }

  /** Another gateway on the same store, in the place of the one before. */
  restart(changes: Changes = {}): void {
    const { secret = SECRET, deferredWrites = new DeferredWrites(), mayExecuteWithoutStore } = changes;
    const keys = new SecretKeys(this.store, secret === false ? undefined : new Secret(secret));
    this.repository = new IdempotencyRepository(
      this.store,
      deferredWrites,
      keys,
      this.clock,
      { ...times, ...changes.times },
      mayExecuteWithoutStore,
    );
    this.executor = new IdempotentExecutor(this.repository, this.scheduler, {
      isNotExecuted: (error) => error instanceof NotSent,
      isRetryable: (error) => error instanceof Refused,
      ...changes.rules,
    });
  }

  /** Is sent when it is marked, and ends so; `before` comes before the mark. */
  action(result: StoredResponse | Error = ok, before: () => Promise<void> = () => Promise.resolve()) {
    return {
      execute: async (markDispatched: MarkDispatched) => {
        await before();
        await markDispatched();
        this.sent += 1;
        if (result instanceof Error) throw result;
        return { response: result };
      },
      compensate: (token: string) => [{ list: COMPENSATED, member: token, score: 0, ttlMs: HOUR_MS }],
    };
  }

  execute(result: StoredResponse | Error = ok, changes: Partial<Submission> = {}) {
    return this.executor.execute({ ...submission, ...changes }, this.action(result));
  }

  executeWithoutKey(result: StoredResponse | Error = ok) {
    return this.executor.executeWithoutKey(submission, this.action(result));
  }

  /** For how many attempts what was reserved was given back. */
  async compensated(): Promise<number> {
    return (await this.store.readIndex(COMPENSATED, Infinity, 100)).length;
  }

  /** As far as the claim of its key. */
  async claimed() {
    const record = await this.repository.claimKey(submission, { token: randomUUID(), charges: [] });
    if (typeof record !== 'object' || !('state' in record)) throw new Error('the key is not free');
    return { id, submission, isKeyed: true, record, turn: undefined, releaseWrites: [] };
  }
}
