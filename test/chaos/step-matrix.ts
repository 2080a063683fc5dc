import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RedisRelay } from '../support/redis-relay.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';
import { stepOf } from './redis-step.js';
import { printersThatPrint } from './scenario.js';
import { isStop, Strike, type StepFault } from './step-fault.js';

/** What becomes of the first request that reaches the upstream. */
export const OUTCOMES = {
  printed: undefined,
  refused: { kind: 'status', status: 400 },
  'lost before it was printed': { kind: 'reset-before' },
  'lost after it was printed': { kind: 'reset-after' },
} satisfies Record<string, Omit<Fault, 'operation'> | undefined>;

export type UpstreamOutcome = keyof typeof OUTCOMES;

const GATEWAY = {
  IDAAS_PRINT_TIMEOUT_MS: '1000',
  UPSTREAM_WAIT_MS: '500',
  IDEMPOTENCY_LEASE_MS: '1000',
  IDEMPOTENCY_MARGIN_MS: '1000',
  RESOLUTION_INTERVAL_MS: '200',
  RESOLUTION_SETTLE_MS: '600',
  RESOLUTION_SKEW_MS: '100',
};
/** Longer than any lease, and than all after which a print of a gateway that died has been settled. */
const STOPPED_MS = 4_000;
/** Within so long every key has its card, and every printer is free. */
const SETTLED_MS = 20_000;
/** What a gateway that died has reserved is given back after twice `UPSTREAM_WAIT_MS` and 15 seconds. */
const GIVEN_BACK_MS = 30_000;
const WHO = 'sonja';
const PRINTERS = printersThatPrint(9);
const RUNS_RECORDED = 3;
/** What a print leaves to be written down behind it has been by then. */
const CALM_MS = 200;
const NOT_MET = 'the step did not come';
/** Renews the turn while a print takes its time. One that is answered at once has it on a slow machine only. */
const RENEWAL = 'compareAndSet (turn)';
const ANSWERED: readonly UpstreamOutcome[] = ['printed', 'refused'];
const NOTHING_SENT = /(shared-state-unavailable|printer-busy|request-running|upstream-refused)$/;

interface Report {
  readonly status: number;
  readonly job?: string;
  readonly type?: string;
}

/**
 * Two gateways at one Redis, the first through a relay. Each print is one cell: the first gateway suffers one fault at one step of it, and
 * its caller tries again at both until it has its card.
 */
export class StepMatrix {
  /** How many steps have suffered so far. */
  cells = 0;
  private printed = 0;

  private constructor(
    private readonly redis: RedisServer,
    private readonly relay: RedisRelay,
    private readonly env: TestEnvironment,
    private readonly clock: FakeClock,
  ) {}

  static async open(): Promise<StepMatrix> {
    const redis = await RedisServer.start();
    const relay = await RedisRelay.start(redis.port);
    const clock = new FakeClock();
    const env = await TestEnvironment.open({
      gateways: 2,
      gateway: { ...GATEWAY, REDIS_URL: redis.url },
      each: (index) => (index === 0 ? { REDIS_URL: relay.url, ...clock.environment } : {}),
      emulator: {
        EMULATOR_QUEUED_MS: '1',
        EMULATOR_CARD_MS: '1',
        EMULATOR_TOKEN_LIFE_MS: '86400000',
      },
      policy: (yaml) => yaml.replaceAll(/cardsPerDay: \d+/g, 'cardsPerDay: 1000000'),
    });
    const matrix = new StepMatrix(redis, relay, env, clock);
    // What comes with the first print only, such as the secret of the installation, is there then.
    for (const gateway of [0, 1]) await matrix.insist(randomUUID(), PRINTERS[0] ?? '', gateway);
    return matrix;
  }

  async close(): Promise<void> {
    await this.env.close();
    await this.relay.stop();
    await this.redis.stop();
  }

  /** The steps that each print has that ends so, in their order. */
  private async stepsOf(outcome: UpstreamOutcome): Promise<string[]> {
    const runs: string[][] = [];
    for (let run = 0; run < RUNS_RECORDED; run += 1) {
      const steps = new Set<string>();
      this.relay.rule = (words) => {
        const step = stepOf(words);
        if (step !== undefined) steps.add(step);
        return 'pass';
      };
      const printer = this.nextPrinter();
      await this.upstreamWill(outcome);
      await this.try(randomUUID(), printer, 0);
      // Also those by which it is found out what became of it.
      await this.printerIsFree(printer);
      await delay(CALM_MS);
      runs.push([...steps]);
    }
    this.relay.rule = () => 'pass';
    const [first = [], ...others] = runs;
    const always = first.filter((step) => others.every((other) => other.includes(step)));
    return ANSWERED.includes(outcome) ? always.filter((step) => step !== RENEWAL) : always;
  }

  /** Each step of a print that ends so, in turn, or those alone. What is wrong afterwards, by step; nothing, as a rule. */
  async runAll(fault: StepFault, outcome: UpstreamOutcome, only = /./): Promise<Record<string, string[]>> {
    const wrong: Record<string, string[]> = {};
    for (const step of (await this.stepsOf(outcome)).filter((step) => only.test(step))) {
      let found = await this.run(step, fault, outcome);
      // What a gateway writes behind a print may come together with that of the next.
      if (found.includes(NOT_MET)) found = await this.run(step, fault, outcome);
      if (found.length > 0) wrong[step] = found;
      this.cells += 1;
    }
    return wrong;
  }

  private async run(step: string, fault: StepFault, outcome: UpstreamOutcome): Promise<string[]> {
    const [key, printer] = [randomUUID(), this.nextPrinter()];
    await this.upstreamWill(outcome);
    const strike = new Strike(this.env, this.relay, step, fault, this.clock, STOPPED_MS);
    const wrong: string[] = [];
    const isAlone = !isStop(fault);
    const first = isAlone ? this.tryAlone(key, printer, wrong) : this.try(key, printer, 0);
    const hasStruck = eventually(() => expect(strike.hasStruck).toBe(true), SETTLED_MS).catch(() => {});
    await (isAlone ? first : Promise.race([first, hasStruck]));
    // Some steps come only when it is found out what became of it.
    await Promise.race([hasStruck, this.printerIsFree(printer).then(() => delay(CALM_MS))]);
    const over = strike.over();
    const reports = [...(await this.insist(key, printer, 1)), await first];
    await over;
    reports.push(...(await this.insist(key, printer, 0)));
    await this.printerIsFree(printer).catch((error: unknown) => wrong.push(String(error)));
    wrong.push(...(await this.lies(key, reports)));
    if (!strike.hasStruck) wrong.push(NOT_MET);
    return wrong;
  }

  /** Of all cells: what waits for a person, and whether the quota is what was printed. */
  async expectNothingLeft(): Promise<void> {
    const { body } = await this.env.as('anna').get('/api/gateway/v1/unknown-prints');
    expect(body).toEqual([]);
    await eventually(async () => {
      const me = (await this.env.as(WHO).get('/api/gateway/v1/me')).body as {
        cardsToday: { used: number };
      };
      const cards = (await this.env.emulator.ledger()).filter(({ segmentId }) => segmentId !== undefined);
      expect(me.cardsToday.used).toBe(cards.length);
    }, GIVEN_BACK_MS);
  }

  private nextPrinter(): string {
    this.printed += 1;
    return PRINTERS[this.printed % PRINTERS.length] ?? '';
  }

  private async upstreamWill(outcome: UpstreamOutcome): Promise<void> {
    await this.env.emulator.noFaults();
    const fault = OUTCOMES[outcome];
    if (fault) await this.env.emulator.fault({ operation: 'print', count: 1, ...fault });
  }

  private async try(key: string, printer: string, gateway: number): Promise<Report> {
    const request = printRequest({ billing: { segmentId: key } });
    const asking = this.env.as(WHO, gateway).post(printPath(printer), request, keyHeader(key));
    return asking.then(
      ({ status, body }) => ({ status, job: body.printStatus?.id, type: body.type }),
      () => ({ status: 0 }),
    );
  }

  /** While nobody else prints: what it is told can be held against what was sent. */
  private async tryAlone(key: string, printer: string, wrong: string[]): Promise<Report> {
    const jobsBefore = (await this.env.jobsUpstream()).length;
    const report = await this.try(key, printer, 0);
    const isSent = (await this.env.jobsUpstream()).length > jobsBefore;
    if (isSent && NOTHING_SENT.test(report.type ?? ''))
      wrong.push(`it was told that nothing was sent: ${report.type}`);
    return report;
  }

  /** Tries until it is told the job. */
  private async insist(key: string, printer: string, gateway: number): Promise<Report[]> {
    const reports: Report[] = [];
    await eventually(async () => {
      const report = await this.try(key, printer, gateway);
      reports.push(report);
      if (report.status !== 200) throw new Error(`${report.status} ${report.type}`);
    }, SETTLED_MS).catch(() => {});
    return reports;
  }

  /** Nothing is open there any more, and nobody has the turn. */
  private async printerIsFree(printer: string): Promise<void> {
    await eventually(async () => {
      const held = await this.redis.command(
        `EXISTS ${['', ':open'].map((each) => `print-gateway:turn:{${printer}}${each}`).join(' ')}`,
      );
      if (held !== '0') throw new Error('the printer is not free');
    }, SETTLED_MS);
  }

  /** One card, and everybody who was told a job was told that one; told so last. */
  private async lies(key: string, reports: readonly Report[]): Promise<string[]> {
    const cards = (await this.env.emulator.ledger()).filter(({ segmentId }) => segmentId === key);
    const told = new Set(reports.flatMap(({ job }) => job ?? []));
    const wrong: string[] = [];
    if (cards.length !== 1) wrong.push(`${cards.length} cards`);
    if (told.size !== 1 || !told.has(cards[0]?.jobId ?? ''))
      wrong.push(`it was told ${[...told].join(' and ')}, and its card is ${cards[0]?.jobId}`);
    if (reports.at(-1)?.status !== 200)
      wrong.push(`its key is not settled: ${JSON.stringify(reports.at(-1))}`);
    return wrong;
  }
}
