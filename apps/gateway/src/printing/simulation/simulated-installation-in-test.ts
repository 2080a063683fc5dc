import { AuthTokenRefused } from '#libs/idaas';
import { InFlightSubmissions, PrinterBusy } from '#libs/idempotency';
import { CardQuota } from '#libs/limits';
import { MemoryStore, StoreClock, StoreUnavailable } from '#libs/store';
import {
  days,
  HELD_MS,
  nameOf,
  PRINT_TIMEOUT_MS,
  SETTLE_MS,
  SimulatedGateway,
  submitter,
  times,
  type Wanted,
} from './simulated-gateway-in-test.js';
import { SimulatedLink, type Mishap, type Passage } from './simulated-link-in-test.js';
import { SimulatedProcess, SimulatedTime } from './simulated-time-in-test.js';
import { NothingDone, SimulatedUpstream, type SimulatedCall } from './simulated-upstream-in-test.js';

export interface Act {
  readonly gateway: number;
  /** What it is asked for, or what happens to it. */
  readonly does: Wanted | Mishap;
  /** How long after the act before. */
  readonly afterMs: number;
}

/** What happens, and what becomes of the commands to the Store, the prints and the looks at the list, in the order in which they come. */
export interface Plan {
  readonly acts: readonly Act[];
  readonly passages: readonly Passage[];
  readonly calls: readonly SimulatedCall[];
  /** Whether it fails. */
  readonly lists: readonly boolean[];
  /** How long a token and a connection take. */
  readonly connects: readonly number[];
}

interface Told {
  /** This one try. */
  readonly wanted: Wanted;
  readonly gateway: SimulatedGateway;
  /** The job, or why there is none. */
  job?: string;
  error?: unknown;
}

export const GATEWAYS = 3;
const NOTHING_SENT = [PrinterBusy, StoreUnavailable, NothingDone, AuthTokenRefused];
/** By then all that was begun has its end: the longest call, what is added to it, and what the upstream has to show a job; and once more. */
const ALL_OVER_MS = 4 * (times.callMs + times.marginMs + SETTLE_MS);
const ROUND_MS = 10_000;
const RETRY_MS = 1_000;
const MAX_RETRIES = 60;

/** Some gateways, their Store and the upstream, as a plan lets them suffer. It knows by itself what was sent, and what came of it. */
export class Installation {
  readonly time = new SimulatedTime();
  private readonly memory = new MemoryStore({ maxEntries: 100_000, now: () => this.time.nowMs });
  private readonly passages: Passage[];
  private readonly calls: SimulatedCall[];
  private readonly lists: boolean[];
  private readonly connects: number[];
  private readonly upstream: SimulatedUpstream;
  private readonly gateways: SimulatedGateway[] = [];
  private readonly told: Told[] = [];
  /** The attempts whose outcome is not written down, and where. */
  private open = new Map<string, string>();
  /** Looks at the Store directly. */
  private readonly observer = new InFlightSubmissions(
    this.memory,
    new StoreClock(() => this.time.nowMs),
    times,
  );

  constructor({ passages, calls, lists, connects }: Plan) {
    [this.passages, this.calls, this.lists] = [[...passages], [...calls], [...lists]];
    this.connects = [...connects];
    this.upstream = new SimulatedUpstream(
      this.time,
      PRINT_TIMEOUT_MS,
      () => this.calls.shift(),
      () => this.lists.shift() ?? false,
      () => this.connects.shift(),
    );
  }

  /** Throws when a promise is broken. */
  async run({ acts }: Plan): Promise<void> {
    for (let index = 0; index < GATEWAYS; index += 1) this.start(index, 0);
    await this.time.runUntil(this.time.nowMs);
    for (const { gateway, does, afterMs } of acts) {
      await this.time.runUntil(this.time.nowMs + afterMs);
      if ('key' in does) this.print(does, gateway);
      else this.suffer(gateway, does);
    }
    await this.untilSettled(this.time.nowMs + ALL_OVER_MS);
  }

  /** Nothing is left over, each key has its card, whoever was told something was told the truth, and each card is counted. */
  async expectAllSettled(): Promise<void> {
    for (const fates of [this.passages, this.calls, this.lists, this.connects]) fates.length = 0;
    expect(await this.observer.listUnknown()).toEqual([]);
    expect(this.gateways.map(({ obstacle }) => obstacle)).toEqual(this.gateways.map(() => undefined));
    for (const wanted of new Map(this.told.map((each) => [nameOf(each.wanted), each.wanted])).values())
      await this.insist(wanted);
    for (const told of this.told) this.expectTruth(told);
    // What was reserved by who died before it was sent is given back then.
    await this.time.runUntil(this.time.nowMs + HELD_MS);
    const { used } = await new CardQuota(this.memory, days as never, HELD_MS).usage(submitter, 0);
    expect([used, 'cards reserved']).toEqual([this.upstream.jobs.length, 'cards reserved']);
  }

  private async untilSettled(untilMs: number): Promise<void> {
    const waits = ({ job, error, gateway }: Told) => !job && !error && !gateway.process.isDead;
    while (this.time.nowMs < untilMs) {
      await this.time.runUntil(this.time.nowMs + ROUND_MS);
      const isAway = this.gateways.some(({ process }) => process.isDead || process.isStill);
      if (!isAway && this.open.size === 0 && !this.told.some(waits)) return;
    }
  }

  private async insist(wanted: Wanted): Promise<void> {
    for (let retry = 0; retry < MAX_RETRIES; retry += 1) {
      const told = this.print(wanted, retry % GATEWAYS);
      await this.time.runUntil(this.time.nowMs + RETRY_MS);
      if (told.job !== undefined) return;
    }
    throw new Error(`${nameOf(wanted)} is never printed: ${String(this.told.at(-1)?.error)}`);
  }

  private expectTruth({ wanted, gateway, job, error }: Told): void {
    const name = nameOf(wanted);
    if (job === undefined && error === undefined && !gateway.process.isDead)
      throw new Error(`${name} is not answered`);
    if (job !== undefined) expect(this.upstream.jobs.find(({ id }) => id === job)?.of).toBe(name);
    const isPrinted = this.upstream.jobs.some(({ by }) => by === wanted);
    if (isPrinted && NOTHING_SENT.some((kind) => error instanceof kind))
      throw new Error(`${name} was printed, and its caller told: ${String(error)}`);
  }

  /** A gateway takes this place. */
  private start(index: number, inMs: number): void {
    const process = new SimulatedProcess(this.time);
    const link = new SimulatedLink(
      this.time,
      process,
      this.memory,
      () => this.passages.shift(),
      (mishap) => this.look(index, mishap),
    );
    const start = () => {
      this.gateways[index] = new SimulatedGateway(process, link, this.upstream, (wanted, token) =>
        this.expectMayBeSent(wanted, token),
      );
    };
    this.time.at(this.time.nowMs + inMs, start, process);
  }

  private suffer(index: number, { does, ms }: Mishap): void {
    const { process, link } = this.gateway(index);
    if (process.isDead) return;
    if (does === 'be deaf') link.deafUntilMs = this.time.nowMs + ms;
    else if (does === 'crash') {
      process.isDead = true;
      this.start(index, ms);
    }
    // Suspended with its clock between the mark and the first byte it may print twice, as is documented.
    else process.standStill(ms, does === 'suspend' && !link.isMarking);
  }

  private print(what: Wanted, index: number): Told {
    const gateway = this.gateway(index);
    // Without a key each is another one.
    const wanted = { ...what, ...(!what.isKeyed && { key: `print ${this.told.length}` }) };
    const told: Told = { wanted, gateway };
    this.told.push(told);
    const answered = async ({ response }: { response: { body: string } }) => {
      const job = (JSON.parse(response.body) as { printStatus: { id: string } }).printStatus.id;
      told.job = job;
      if (await this.memory.get(`{${job}}:job`)) this.upstream.known.push(job);
    };
    const refused = (error: unknown) => (told.error = error);
    this.time.at(this.time.nowMs, () => void gateway.print(wanted).then(answered, refused), gateway.process);
    return told;
  }

  private gateway(index: number): SimulatedGateway {
    return this.gateways[index] as SimulatedGateway;
  }

  /** Never two at one printer. */
  private async look(index: number, mishap: Mishap | undefined): Promise<void> {
    if (mishap) this.suffer(index, mishap);
    const { submissions } = await this.observer.listInFlight();
    this.open = new Map(submissions.map(({ token, target }) => [token, target]));
    const printers = [...this.open.values()];
    if (new Set(printers).size < printers.length) throw new Error('two submissions are open at one printer');
  }

  /** Nothing is sent but what is open, and nothing under a key that has a card. Who sends takes a failure for one of its own. */
  private expectMayBeSent(wanted: Wanted, token: string): void {
    const isPrinted = this.upstream.jobs.some(({ of }) => of === nameOf(wanted));
    if (isPrinted) this.time.fault ??= new Error(`${nameOf(wanted)} is sent again`);
    else if (!this.open.has(token))
      this.time.fault ??= new Error(`${nameOf(wanted)} is sent after it was settled`);
  }
}
