import type { BenchServer } from './server.js';
import { loadWith, type Load } from './load.js';
import { runRounds, type Entry, type Result } from './runner.js';
import { startServers, type Servers } from './servers.js';
import { PRINTERS, World, type Holder } from './world.js';

/** What one scenario found: its table, and its targets. */
export interface Finding {
  readonly title: string;
  readonly results: readonly Result[];
  readonly targets?: readonly Target[];
  /** What is no throughput, in a line each. */
  readonly notes?: readonly string[];
}

/** A ratio of two figures of the same run, and where it should be. */
export interface Target {
  readonly text: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** The servers and their world, with five hundred users and a thousand jobs that are COMPLETED. */
export class Bench {
  private constructor(
    readonly world: World,
    readonly servers: Servers,
    readonly holders: readonly Holder[],
    readonly jobs: readonly string[][],
    readonly load: Load,
    private readonly seconds: number,
  ) {}

  static async open(seconds: number): Promise<Bench> {
    const world = await World.open();
    const servers = await startServers(world);
    const holders = await world.holders(500);
    const jobs = await world.print(servers.ours, holders, 1_000, PRINTERS.quick);
    return new Bench(world, servers, holders, jobs, loadWith(world.directory), seconds);
  }

  close(): Promise<void> {
    return this.world.close();
  }

  runRounds(entries: readonly Entry[]): Promise<Result[]> {
    return runRounds(this.load, entries, this.seconds);
  }

  /** Everybody that answers such requests, ourselves last. */
  get everybody(): BenchServer[] {
    const { bare, httpProxy, usualNest, haproxy, ours } = this.servers;
    return [bare, httpProxy, usualNest, ...(haproxy ? [haproxy] : []), ours];
  }

  /** Everybody that passes requests on to the upstream. */
  get proxies(): BenchServer[] {
    const { httpProxy, usualNest, ours } = this.servers;
    return [httpProxy, usualNest, ours];
  }
}

/** How much of the other's throughput ours has. */
export function throughput(
  results: readonly Result[],
  other: BenchServer | undefined,
  atLeast: number,
): Target[] {
  const ours = results.at(-1);
  const theirs = results.find(({ name }) => name === other?.name);
  if (!ours || !theirs) return [];
  return [
    { text: `requests per second, ours : ${theirs.name}`, value: ours.perSecond / theirs.perSecond, atLeast },
  ];
}
