import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { SecretKeys } from '#libs/secrets';
import { MemoryStore, StoreClock, StoreUnavailable, DeferredWrites, type Store } from '#libs/store';
import type { StoredResponse } from './idempotency-record.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IdempotencyKey } from './idempotency-key.js';
import { submission as aSubmission, times } from './executor-in-test.js';
import type { IdempotentAction } from './idempotent-action.js';
import { IdempotentExecutor } from './idempotent-executor.js';
import { InFlightSubmissions } from './in-flight-submissions.js';
import { PrinterTurns } from './printer-turns.js';
import { submissionId, type Submission } from './submission.js';
import { TurnSchedulerInTest } from './turn-scheduler-in-test.js';

const HOUR_MS = 3_600_000;

class NothingDone extends Error {}

/** What becomes of one step of the store: it may fail before its effect or after it, and time may pass around it. */
interface Mishap {
  readonly fails: 'no' | 'before' | 'after';
  readonly pauseMs: number;
}
type End = 'answered' | 'nothing done' | 'lost';

interface Request {
  readonly key: string;
  readonly body: string;
  readonly end: End;
  readonly callMs: number;
  readonly mishaps: readonly Mishap[];
  /**
   * Another gateway is asked for the same before this one's mark, while it waits for the upstream, or when it stood still so
   * long that somebody settled what it left behind as not printed.
   */
  readonly rival: 'none' | 'before its mark' | 'while it is sent' | 'while it stands still';
}

/** What may have been printed under a key, and until when nothing must be sent under it again. */
interface Sending {
  blockedUntilMs: number;
}

interface Gateway {
  readonly repository: IdempotencyRepository;
  readonly inFlight: InFlightSubmissions;
  readonly executor: IdempotentExecutor;
  readonly rival: IdempotentExecutor;
  readonly deferredWrites: DeferredWrites;
  readonly life: AbortController;
}

/** The upstream and the gateways in front of one store. It knows by itself, and the code does not, every request that was sent. */
class Installation {
  nowMs = 0;
  private mishaps: Mishap[] = [];
  private isAsked = false;
  /** What others do when this gateway has stood still for long, once. */
  private meanwhile: (() => Promise<void>) | undefined;
  private others: Promise<void> | undefined;
  readonly memory = new MemoryStore({ maxEntries: 100_000, now: () => this.nowMs });
  private readonly sent = new Map<string, Sending[]>();
  private gateway: Gateway | undefined;

  constructor() {
    this.startGateway();
  }

  /** What the one before had not written is lost with it. */
  startGateway(): void {
    this.stop();
    const life = new AbortController();
    const deferredWrites = new DeferredWrites();
    const keys = new SecretKeys(this.memory, undefined);
    const store = this.lossyStore(life.signal);
    const clock = new StoreClock(() => this.nowMs);
    const repository = new IdempotencyRepository(store, deferredWrites, keys, clock, times);
    const inFlight = new InFlightSubmissions(store, clock, times);
    const scheduler = new TurnSchedulerInTest(new PrinterTurns(store, clock, times));
    const rules = {
      isNotExecuted: (error: unknown) => error instanceof NothingDone,
      isRetryable: () => false,
    };
    const executor = new IdempotentExecutor(repository, scheduler, rules);
    // Another process has a queue of its own: what the two have in common is the turn on the store.
    const rivalScheduler = new TurnSchedulerInTest(new PrinterTurns(store, clock, times));
    const rival = new IdempotentExecutor(repository, rivalScheduler, rules);
    this.gateway = { repository, inFlight, executor, rival, deferredWrites, life };
  }

  stop(): void {
    this.gateway?.life.abort();
  }

  private get running(): Gateway {
    if (!this.gateway) throw new Error('no gateway runs');
    return this.gateway;
  }

  async request(request: Request): Promise<void> {
    const { key, body, rival, callMs } = request;
    this.mishaps = [...request.mishaps];
    this.isAsked = true;
    const compete = () =>
      this.running.rival
        .execute(submission(key, body), this.action({ ...request, end: 'answered' }))
        .catch(ignore);
    if (rival === 'while it stands still')
      this.meanwhile = async () => {
        await this.settle(false);
        await compete();
      };
    const action = this.action(request);
    await this.running.executor
      .execute(submission(key, body), {
        ...action,
        execute: async (markDispatched, id) => {
          if (rival === 'before its mark') await compete();
          await markDispatched();
          const answer = action.execute(() => Promise.resolve(Infinity), id, '');
          if (rival === 'while it is sent') await compete();
          this.nowMs += callMs;
          return answer;
        },
      })
      .catch(ignore);
    await this.others;
    this.mishaps = [];
    this.isAsked = false;
    this.meanwhile = undefined;
  }

  /** A gateway that dies when it has claimed, marked or sent, as far as it came. */
  async dieDuring(key: string, after: 'claim' | 'mark' | 'send'): Promise<void> {
    const wanted = submission(key, 'a');
    const record = await this.running.repository.claimKey(wanted, { token: randomUUID(), charges: [] });
    if (after !== 'claim' && typeof record === 'object' && 'state' in record) {
      const claimed = {
        id: submissionId(wanted),
        submission: wanted,
        isKeyed: true,
        record,
        turn: undefined,
        releaseWrites: [],
      };
      const mark = await this.running.repository.markDispatched(claimed).catch(() => undefined);
      if (mark && after === 'send') this.noteSent(key, 'lost');
    }
    this.startGateway();
  }

  /** A person has looked at the printer: nothing came out, and so the key may be used again; or a card did. */
  async settle(isDone: boolean): Promise<void> {
    for (const found of await this.running.inFlight.listUnknown()) {
      const key = found.target;
      const written = await this.running.inFlight.settleSubmission(found, isDone ? answerOf(key) : undefined);
      const isSettled = written === 'written';
      if (isSettled && !isDone) this.sent.set(key, []);
      if (isSettled && isDone) this.sent.set(key, [{ blockedUntilMs: this.nowMs + times.completedMs }]);
    }
  }

  flush(): Promise<void> {
    return this.running.deferredWrites.close();
  }

  private action({ key, end }: Request): IdempotentAction {
    return {
      execute: async (markDispatched) => {
        await markDispatched();
        const unblock = this.noteSent(key, end);
        if (end === 'answered') return { response: answerOf(key) };
        if (end === 'nothing done') unblock();
        throw end === 'nothing done' ? new NothingDone() : new Error('reset');
      },
    };
  }

  /** The one promise: nothing is sent under a key while something sent before may have been printed. */
  private noteSent(key: string, end: End): () => void {
    const before = this.sent.get(key) ?? [];
    const blocking = before.filter(({ blockedUntilMs }) => blockedUntilMs > this.nowMs);
    if (blocking.length > 0) throw new DoneTwice(`sent again under ${key} at ${this.nowMs}`);
    const keptMs = end === 'lost' ? times.unknownMs : times.completedMs;
    const sending = { blockedUntilMs: this.nowMs + keptMs };
    this.sent.set(key, [...before, sending]);
    return () => (sending.blockedUntilMs = 0);
  }

  private async standStill(pauseMs: number): Promise<void> {
    this.nowMs += pauseMs;
    const { meanwhile, mishaps } = this;
    if (!meanwhile || pauseMs < times.callMs + times.marginMs) return;
    [this.meanwhile, this.mishaps] = [undefined, []];
    this.others = meanwhile();
    await this.others;
    // What a request leaves running behind it must not bring its mishaps to the steps of others.
    if (this.isAsked) this.mishaps = mishaps;
  }

  private lossyStore(life: AbortSignal): Store {
    return new Proxy<Store>(this.memory, {
      get: (memory, name) => {
        const member = Reflect.get(memory, name) as unknown;
        if (typeof member !== 'function') return member;
        // Neither asks anybody.
        if (name === 'requireRoom' || name === 'subscribe') return member.bind(memory) as unknown;
        return async (...words: unknown[]) => {
          // Nothing comes of what a dead process would still have done.
          if (life.aborted) return new Promise(() => {});
          const { fails, pauseMs } = this.mishaps.shift() ?? { fails: 'no', pauseMs: 0 };
          if (fails === 'before') throw new StoreUnavailable();
          const result: unknown = await Reflect.apply(member, memory, words);
          await this.standStill(pauseMs);
          if (fails === 'after') throw new StoreUnavailable();
          return result;
        };
      },
    });
  }
}

class DoneTwice extends Error {}

/** Whatever a caller is told is right, but for the one thing that must not happen. */
function ignore(error: unknown): void {
  const causes = [error, (error as Error).cause];
  const twice = causes.find((each) => each instanceof DoneTwice);
  if (twice) throw twice;
}

const answerOf = (key: string): StoredResponse => ({ status: 200, body: key });

const submission = (key: string, body: string): Submission => ({
  ...aSubmission,
  key: IdempotencyKey.parse(key) as IdempotencyKey,
  // Tells the test which key is meant, where only the submission is known.
  target: key,
  body,
});

type Step = (installation: Installation) => Promise<void>;

const keys = fc.constantFrom('k1', 'k2');
const mishap = fc.record<Mishap>({
  fails: fc.constantFrom('no', 'no', 'before', 'after'),
  pauseMs: fc.constantFrom(0, 0, 1, 5_000, 15_000, 70_000),
});
const steps: fc.Arbitrary<readonly [string, Step]> = fc.oneof(
  fc
    .record<Request>({
      key: keys,
      body: fc.constantFrom('a', 'b'),
      end: fc.constantFrom('answered', 'nothing done', 'lost'),
      callMs: fc.constantFrom(0, 29_000),
      mishaps: fc.array(mishap, { maxLength: 12 }),
      rival: fc.constantFrom('none', 'before its mark', 'while it is sent', 'while it stands still'),
    })
    .map(
      (request) =>
        [
          `request ${JSON.stringify(request)}`,
          (installation: Installation) => installation.request(request),
        ] as const,
    ),
  fc
    .tuple(keys, fc.constantFrom('claim' as const, 'mark' as const, 'send' as const))
    .map(
      ([key, after]) =>
        [`die after ${after} of ${key}`, (at: Installation) => at.dieDuring(key, after)] as const,
    ),
  fc
    .constantFrom(1_000, 10_000, 61_000, 24 * HOUR_MS, 720 * HOUR_MS)
    .map(
      (pauseMs) =>
        [`${pauseMs} ms`, (at: Installation) => Promise.resolve(void (at.nowMs += pauseMs))] as const,
    ),
  fc.boolean().map((isDone) => [`settle ${isDone}`, (at: Installation) => at.settle(isDone)] as const),
  fc.constant(['flush', (at: Installation) => at.flush()] as const),
);

Logger.overrideLogger(false);

describe('what is sent under a key, while gateways die, replies are lost and clocks run on', () => {
  it('is never sent twice while it may have been done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 15 }), async (plan) => {
        const installation = new Installation();
        for (const [, act] of plan) await act(installation);
        installation.stop();
      }),
    );
  });
});
