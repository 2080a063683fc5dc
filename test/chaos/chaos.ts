import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { digestOf } from '#libs/contract';
import type { Card, Fault } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { House, withoutQuotas } from '../support/house.js';
import { RedisServer } from '../support/redis.js';
import { ImpatientClient, type Print } from './impatient-client.js';
import { Seeded } from '../support/seeded.js';

const UNKNOWN = '/api/gateway/v1/unknown-prints';
const WHO = ['sonja', 'sven', 'anna'];
/** Printers of the emulator that print. */
export const PRINTERS = ['002', '004', '005', '006', '007', '008', '009', '00a', '00b'].map(
  (end) => `1c1eca1b-71a2-4270-9660-3f3292fa5${end}`,
);
const FAULTS: Omit<Fault, 'operation'>[] = [
  { kind: 'reset-before', share: 0.02 },
  { kind: 'reset-after', share: 0.02 },
  { kind: 'half-body', share: 0.01 },
  { kind: 'latency', share: 0.05, milliseconds: 300 },
  { kind: 'latency', share: 0.02, milliseconds: 700 },
  { kind: 'status', share: 0.01, status: 500 },
  { kind: 'status', share: 0.01, status: 503 },
  { kind: 'unauthorized', share: 0.02 },
];
const GATEWAY = {
  IDAAS_PRINT_TIMEOUT_MS: '500',
  UPSTREAM_WAIT_MS: '500',
  IDEMPOTENCY_LEASE_MS: '1000',
  IDEMPOTENCY_MARGIN_MS: '1500',
  RESOLUTION_INTERVAL_MS: '200',
  // A job can be late by the longest delay, and by what a busy machine adds.
  RESOLUTION_SETTLE_MS: '2000',
  RESOLUTION_SKEW_MS: '100',
  LOG_LEVEL: 'info',
};

export interface ChaosOptions {
  readonly seed: number;
  readonly prints: number;
  /** Clients at the same time. */
  readonly clients: number;
  readonly restartsRedis: boolean;
}

export interface UnknownPrint {
  readonly id: string;
  readonly target: string;
  readonly submitter: { readonly subject: string };
}

/** Two gateways, one Redis and an upstream that fails, under clients that do not wait. The ledger is the truth. */
export class Chaos {
  readonly prints: Print[] = [];
  killed = 0;
  private isOver = false;
  private readonly chance: Seeded;

  private constructor(
    private readonly options: ChaosOptions,
    private readonly house: House,
    private readonly redis: RedisServer,
  ) {
    this.chance = new Seeded(options.seed);
  }

  static async open(options: ChaosOptions): Promise<Chaos> {
    const redis = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    const house = await House.open({
      gateways: 2,
      gateway: { ...GATEWAY, REDIS_URL: redis.url },
      emulator: {
        EMULATOR_QUEUED_MS: '1',
        EMULATOR_CARD_MS: '1',
        EMULATOR_SEED: String(options.seed),
        EMULATOR_TOKEN_LIFE_MS: '86400000',
      },
      policy: withoutQuotas,
    });
    return new Chaos(options, house, redis);
  }

  async close(): Promise<void> {
    await this.house.close();
    await this.redis.stop();
  }

  /** Lets every client insist on its prints, with everything failing around them; then lets things settle. */
  async run(): Promise<void> {
    await this.printSomethingKnown();
    for (const fault of FAULTS) await this.house.emulator.fault({ operation: 'print', ...fault });
    const breaking = [this.killGateways()];
    if (this.options.restartsRedis) breaking.push(this.restartRedis());
    const client = new ImpatientClient(this.house, new Seeded(this.options.seed + 1));
    await Promise.all(Array.from({ length: this.options.clients }, () => this.drive(client)));
    this.isOver = true;
    await Promise.all(breaking);
    await client.close();
    await this.house.emulator.noFaults();
  }

  /** Waits until nothing more is settled by itself. */
  async settled(): Promise<UnknownPrint[]> {
    let [before, since] = ['', Date.now()];
    return eventually(async () => {
      const unknown = await this.unknown();
      const now = JSON.stringify(unknown);
      if (now !== before) [before, since] = [now, Date.now()];
      if (unknown.length > 0 && Date.now() - since < 8_000) throw new Error('things are still being settled');
      return unknown;
    }, 120_000);
  }

  /** Tries each key that was not told to be printed once more, patiently, now that nothing fails. */
  async askOnceMore(): Promise<void> {
    const client = new ImpatientClient(this.house, this.chance);
    for (const print of this.prints)
      if (typeof print.reports.at(-1) !== 'object') await client.try(print, 10_000);
    await client.close();
  }

  async unknown(): Promise<UnknownPrint[]> {
    const { status, body } = await this.house.as('anna').get(UNKNOWN);
    if (status !== 200) throw new Error(`the unknown prints cannot be listed: ${status}`);
    return body as UnknownPrint[];
  }

  /** Under which id the gateways know it. */
  async submissionIdOf({ key, who, printer }: Print): Promise<string> {
    const { iss, tid, sub } = decodeJwt<{ tid?: string }>(await this.house.tokenOf(who));
    return digestOf(iss, tid, sub, 'print', printer, key);
  }

  cards(): Promise<Card[]> {
    return this.house.emulator.ledger();
  }

  /** Jobs that are nobody's, as far as the gateways know: each must be of a print of unknown outcome. */
  async jobsOfNobody(printer: string): Promise<string[]> {
    const cards = (await this.cards()).filter(({ printerId }) => printerId === printer);
    const told = await Promise.all(
      cards.map(async ({ jobId }) => ({
        jobId,
        owner: await this.redis.command(`GET print-gateway:{${jobId}}:job`),
      })),
    );
    return told.filter(({ owner }) => owner === '').map(({ jobId }) => jobId);
  }

  private async drive(client: ImpatientClient): Promise<void> {
    while (this.prints.length < this.options.prints) {
      const number = this.prints.length;
      const print = {
        key: `print-${number}`,
        who: this.chance.of(WHO),
        printer: this.chance.of(PRINTERS),
        reports: [],
      };
      this.prints.push(print);
      await client.insist(print);
    }
  }

  private async printSomethingKnown(): Promise<void> {
    const client = new ImpatientClient(this.house, this.chance);
    for (const printer of PRINTERS)
      await client.try(
        { key: `known at ${printer.slice(-3)}`.replaceAll(' ', '-'), who: 'anna', printer, reports: [] },
        10_000,
      );
    await client.close();
  }

  private async killGateways(): Promise<void> {
    while (!this.isOver) {
      await delay(this.chance.between(800, 2_500));
      const victim = this.chance.below(2);
      await this.house.crash(victim);
      await this.house.restart(victim);
      this.killed += 1;
    }
  }

  /** When half of the prints were begun. */
  private async restartRedis(): Promise<void> {
    while (this.prints.length < this.options.prints / 2 && !this.isOver) await delay(20);
    await this.redis.kill();
    await delay(500);
    await this.redis.run();
  }
}
