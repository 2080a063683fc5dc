import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { digestOf } from '#libs/contract';
import type { Card } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { Prng } from '../support/prng.js';
import { ADMINISTRATOR, cardsUsed, EVERYBODY, MOST_COPIES, policyFor } from './clientele.js';
import { harm, type Harm } from './harms.js';
import { ImpatientClient, type Print } from './impatient-client.js';
import { InFlightWatch } from './in-flight.watch.js';
import { RelayedRedis } from './relayed-redis.js';
import { emulatorSettings, faultsOf, gatewaySettings, printersThatPrint, type Scenario } from './scenario.js';
import { settlingTimes } from './settling-times.js';

const GATEWAYS = 2;
const PATIENT_MS = 10_000;
/** When nothing has changed for so many times as long as a job may take to show up, nothing will. */
const PATIENCE = 4;
/** Until cards are given back that were reserved by a gateway which died before it sent anything: 15 s and twice the wait for a printer. */
const GIVEN_BACK_MS = 30_000;

interface Parts {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly env: TestEnvironment;
  readonly redis: RelayedRedis;
}

/** Two gateways, Redis and an upstream that fail, under clients that do not wait. The ledger of the upstream is the truth. */
export class Chaos {
  readonly prints: Print[] = [];
  /** How often which harm was done. */
  readonly harms = new Map<Harm, number>();
  private isOver = false;
  private readonly prng: Prng;
  private readonly watch: InFlightWatch;
  private readonly printers: readonly string[];

  private constructor(private readonly parts: Parts) {
    this.prng = new Prng(parts.seed);
    this.watch = new InFlightWatch(parts.redis.url);
    this.printers = printersThatPrint(parts.scenario.printers);
  }

  static async open(scenario: Scenario, seed: number): Promise<Chaos> {
    const redis = await RelayedRedis[scenario.redis](GATEWAYS);
    const env = await TestEnvironment.open({
      gateways: GATEWAYS,
      gateway: { ...gatewaySettings(scenario), REDIS_URL: redis.urlOf(0) },
      each: (index) => ({ REDIS_URL: redis.urlOf(index) }),
      emulator: emulatorSettings(scenario, seed),
      policy: policyFor(scenario.prints),
    });
    return new Chaos({ scenario, seed, env, redis });
  }

  async close(): Promise<void> {
    await this.watch.stop();
    await this.parts.env.close();
    await this.parts.redis.stop();
  }

  /** Lets every client insist on its prints, with everything failing around them. */
  async run(): Promise<void> {
    const { scenario, env, redis, seed } = this.parts;
    await this.printSomethingKnown();
    for (const fault of faultsOf(scenario)) await env.emulator.fault(fault);
    const harming = harm(scenario.harms, {
      ...{ env, redis, prng: this.prng },
      pause: (fromMs, toMs) => this.pause(this.prng.between(fromMs, toMs) / scenario.rate),
      isOver: () => this.isOver,
      isHalfOver: () => this.prints.length >= scenario.prints / 2,
      count: (name) => this.harms.set(name, (this.harms.get(name) ?? 0) + 1),
    });
    const client = new ImpatientClient(env, new Prng(seed + 1));
    await Promise.all(Array.from({ length: scenario.clients }, () => this.drive(client)));
    this.isOver = true;
    await harming;
    await client.close();
    await env.emulator.noFaults();
    await env.sharedStateIsUp();
  }

  /** Waits until no submission is open, or nothing changes any more; what is open then is left to a person. */
  async settled(): Promise<readonly string[]> {
    const patienceMs = PATIENCE * this.parts.scenario.times.settleMs;
    let [before, since] = ['', Date.now()];
    return eventually(() => {
      const { ids } = this.watch;
      if (ids.join() !== before) [before, since] = [ids.join(), Date.now()];
      if (ids.length > 0 && Date.now() - since < patienceMs) throw new Error(`${ids.length} are open`);
      return ids;
    }, 240_000);
  }

  /** Tries each key that was not told to be printed once more, patiently, now that nothing fails. */
  async askOnceMore(): Promise<void> {
    const client = new ImpatientClient(this.parts.env, this.prng);
    for (const print of this.prints)
      if (typeof print.reports.at(-1) !== 'object') await client.try(print, PATIENT_MS);
    await client.close();
  }

  /** Why the gateways left prints to a person, where they did. */
  obstaclesIfAny(left: readonly string[]): string[] {
    const lines = left.length === 0 ? [] : this.parts.env.output.split('\n');
    return lines.filter((line) => line.includes('"obstacle"'));
  }

  cards(): Promise<Card[]> {
    return this.parts.env.emulator.ledger();
  }

  /** How many cards each has used of their quota, once it is as many as were printed for them. */
  async exactQuotas() {
    return eventually(async () => {
      const used = await cardsUsed(this.parts.env, this.prints, await this.cards());
      expect(used).toEqual(used.map((each) => ({ ...each, used: each.printed })));
      return used;
    }, GIVEN_BACK_MS);
  }

  /** How long each key was not settled whose answer was lost, longest first. */
  async settlingTimes(): Promise<number[]> {
    const times = this.prints.map(async (print) =>
      settlingTimes(this.watch.openingsOf(await this.submissionIdOf(print)), print.lostAtMs),
    );
    return (await Promise.all(times)).flat().sort((a, b) => b - a);
  }

  /** Under which id the gateways know it. */
  private async submissionIdOf({ key, who, printer }: Print): Promise<string> {
    const { iss, tid, sub } = decodeJwt<{ tid?: string }>(await this.parts.env.tokenOf(who));
    return digestOf(iss, tid, sub, 'print', printer, key);
  }

  private async drive(client: ImpatientClient): Promise<void> {
    while (this.prints.length < this.parts.scenario.prints) {
      const print = this.newPrint(`print-${this.prints.length}`, this.prng.of(EVERYBODY));
      this.prints.push(print);
      await client.insist(print);
    }
  }

  /** Ends early when all is over. */
  private async pause(ms: number): Promise<void> {
    const untilMs = Date.now() + ms;
    while (Date.now() < untilMs && !this.isOver) await delay(20);
  }

  private newPrint(key: string, who: string, printer = this.prng.of(this.printers)): Print {
    return { key, who, printer, copies: this.prng.between(1, MOST_COPIES + 1), reports: [], lostAtMs: [] };
  }

  private async printSomethingKnown(): Promise<void> {
    const client = new ImpatientClient(this.parts.env, this.prng);
    for (const [at, printer] of this.printers.entries())
      await client.try(this.newPrint(`known-${at}`, ADMINISTRATOR, printer), PATIENT_MS);
    await client.close();
  }
}
