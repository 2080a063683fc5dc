import { Secret } from '#libs/config';
import type { PrinterId } from '#libs/contract';
import { AuthTokenRefused, isNotExecuted } from '#libs/idaas';
import {
  IdempotencyRepository,
  InFlightSubmissions,
  IdempotentExecutor,
  PrinterTurns,
  type IdempotentResponse,
  type IdempotencyKey,
  type MarkDispatched,
  type Submission,
} from '#libs/idempotency';
import { JobRegistry } from '#libs/jobs';
import { CardQuota } from '#libs/limits';
import { SecretKeys } from '#libs/secrets';
import { StoreClock, DeferredWrites } from '#libs/store';
import { Investigation } from '../outcome-resolution/investigation.js';
import { JoblessPrints } from '../outcome-resolution/jobless-prints.js';
import { LateJobs } from '../outcome-resolution/late-jobs.js';
import { OutcomeSearch } from '../outcome-resolution/outcome-search.js';
import { ResolutionState } from '../outcome-resolution/resolution-state.js';
import { UnknownPrintsResolver } from '../outcome-resolution/resolver.js';
import { SettlementService } from '../outcome-resolution/settlement.service.js';
import { UnfinishedSettlements } from '../outcome-resolution/unfinished-settlements.js';
import { UpstreamJobs } from '../outcome-resolution/upstream-jobs.js';
import { PrintQuota, reservedFor } from '../print-quota.js';
import { printedResponse } from '../print-operation-response.js';
import { PrinterQueue } from '../printer-queue.js';
import type { SimulatedLink } from './simulated-link-in-test.js';
import type { SimulatedProcess } from './simulated-time-in-test.js';
import { NothingDone, type SimulatedUpstream } from './simulated-upstream-in-test.js';

const HOUR_MS = 3_600_000;
const WAIT_MS = 5_000;
export const PRINT_TIMEOUT_MS = 30_000;
/** How long cards are reserved by who does not come to send (`LimitsModule`). */
export const HELD_MS = 2 * WAIT_MS + 15_000;
export const SETTLE_MS = 60_000;
export const times = {
  leaseMs: 10_000,
  callMs: WAIT_MS + PRINT_TIMEOUT_MS,
  marginMs: 30_000,
  completedMs: 168 * HOUR_MS,
  unknownMs: 720 * HOUR_MS,
};
const limits = { waiting: 1_000, waitMs: WAIT_MS };
const resolution = { intervalMs: 5_000, settleMs: SETTLE_MS, skewMs: 10_000 };
const terms = { cardsPerDay: 1_000 };

export const submitter = { issuer: 'i', tenant: 't', subject: 's' };
const SECRET = new Secret('a secret of thirty-two bytes or more');
export const days = { dayOf: () => '2026-01-01', nextDayStart: (atMs: number) => atMs + HOUR_MS };

export interface Wanted {
  readonly key: string;
  readonly printerId: PrinterId;
  readonly isKeyed: boolean;
}

/** Told of each first byte, before it leaves: by which attempt. */
type Sending = (wanted: Wanted, token: string) => void;

/** What sends prints in a gateway, put together as its modules do; around it all is simulated. */
export class SimulatedGateway {
  readonly inFlight: InFlightSubmissions;
  private readonly executor: IdempotentExecutor;
  private readonly cards: PrintQuota;
  private readonly clock: StoreClock;
  private readonly jobs: JobRegistry;
  private readonly state: ResolutionState;

  constructor(
    readonly process: SimulatedProcess,
    readonly link: SimulatedLink,
    private readonly upstream: SimulatedUpstream,
    private readonly sending: Sending,
  ) {
    const { store } = link;
    const metrics = { gauge: () => {}, counter: () => () => ({ inc: () => {} }) } as never;
    const audit = { record: () => {} } as never;
    const unwritten = new DeferredWrites();
    const keys = new SecretKeys(store, SECRET);
    this.clock = new StoreClock(() => process.ownMs);
    const repository = new IdempotencyRepository(store, unwritten, keys, this.clock, times);
    this.inFlight = new InFlightSubmissions(store, this.clock, times);
    this.jobs = new JobRegistry(store, { processEntries: 1_000, retentionMs: 720 * HOUR_MS } as never);
    this.cards = new PrintQuota(new CardQuota(store, days as never, HELD_MS), this.jobs, store, unwritten);
    this.state = new ResolutionState(metrics);
    const access = { run: (_: unknown, call: () => Promise<unknown>) => call() };
    const config = resolution as never;
    const listed = new UpstreamJobs(upstream as never, access as never, this.jobs, store, config);
    const jobless = new JoblessPrints(store, this.clock, config);
    const search = new OutcomeSearch(listed, jobless, upstream as never, access as never, config);
    const settlements = new SettlementService(
      this.inFlight,
      this.jobs,
      this.cards,
      jobless,
      new UnfinishedSettlements(store, this.clock, unwritten),
      audit,
      keys,
    );
    const late = new LateJobs(jobless, listed, this.inFlight, store, audit, keys, metrics);
    const turns = new PrinterTurns(store, this.clock, times);
    const investigation = new Investigation(this.inFlight, search, settlements, store, this.state, config);
    const queue = new PrinterQueue(turns, investigation, search, settlements, limits as never, metrics);
    this.executor = new IdempotentExecutor(repository, queue, {
      isNotExecuted: (error) => error instanceof NothingDone || isNotExecuted(error),
      isRetryable: (error) => error instanceof AuthTokenRefused,
    });
    new UnknownPrintsResolver(
      this.inFlight,
      queue,
      settlements,
      late,
      store,
      config,
      metrics,
    ).onApplicationBootstrap();
  }

  /** Why nothing can be found out, if so. */
  get obstacle(): string | undefined {
    return this.state.obstacle;
  }

  print(wanted: Wanted): Promise<IdempotentResponse> {
    const { key, printerId, isKeyed } = wanted;
    const submission: Submission = {
      key: key as IdempotencyKey,
      submitter,
      operation: 'print',
      target: printerId,
      body: key,
      copies: 1,
      label: undefined,
      reservedAtMs: 0,
    };
    const action = {
      reserve: (token: string) =>
        [this.cards.reserve(submission, token, terms)].filter((charge) => charge !== undefined),
      confirm: (token: string) => this.cards.confirm(submission, token),
      execute: (mark: MarkDispatched, submissionId: string, token: string) =>
        this.send(wanted, submission, { mark, submissionId, token }),
      compensate: (token: string) => this.cards.release(submission, token),
    };
    return isKeyed
      ? this.executor.execute(submission, action)
      : this.executor.executeWithoutKey(submission, action);
  }

  private async send(
    wanted: Wanted,
    submission: Submission,
    { mark, submissionId, token }: { mark: MarkDispatched; submissionId: string; token: string },
  ) {
    await this.upstream.connect();
    this.link.isMarking = true;
    const sendBeforeMs = await mark().finally(() => (this.link.isMarking = false));
    if (performance.now() > sendBeforeMs) throw new NothingDone();
    this.sending(wanted, token);
    const createdAtMs = this.clock.nowMs ?? 0;
    const id = await this.upstream.print(wanted.printerId, nameOf(wanted), wanted);
    const reservation = reservedFor(submission, token);
    const job = { id, owner: submitter, printerId: wanted.printerId, createdAtMs, label: undefined };
    return {
      response: printedResponse(id),
      ownerWrite: this.jobs.ownerWriteOf({ ...job, submissionId, reservation }),
    };
  }
}

/** One key at one printer is one submission. */
export function nameOf({ key, printerId }: Wanted): string {
  return `${key} at ${printerId}`;
}
