import type { BenchServer } from './server.js';
import type { Load, Request } from './load.js';

const ROUNDS = 5;
const WARM_UP_SECONDS = 2;

export interface Entry {
  readonly server: BenchServer;
  readonly requests: readonly Request[];
  /** What the table calls it; the server's name when left out. */
  readonly name?: string;
  /** Whether every answer is a refusal, as it should be. */
  readonly refused?: boolean;
}

export interface Result {
  readonly name: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
}

/** Loads one after the other, five rounds of it, so that a noisy minute is everybody's; each figure is the median. */
export async function runRounds(load: Load, entries: readonly Entry[], seconds: number): Promise<Result[]> {
  const rounds: Result[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const results: Result[] = [];
    for (const entry of entries) {
      await warmUp(load, entry);
      results.push(await measure(load, entry, seconds));
      await entry.server.atRest();
    }
    rounds.push(results);
  }
  return entries.map(({ server, name = server.name }, index) =>
    medians(
      name,
      rounds.map((results) => results[index] as Result),
    ),
  );
}

/**
 * While others had their turn a server has cooled down: in its first second a request costs up to a third more, and Node tidies up its
 * memory. With the last of the requests: where each is to be asked for once, the first are left.
 */
async function warmUp(load: Load, { server, requests }: Entry): Promise<void> {
  await load(server.port, requests.slice(-Math.ceil(requests.length / 10)), WARM_UP_SECONDS);
  await server.atRest();
}

async function measure(
  load: Load,
  { server, requests, refused = false }: Entry,
  seconds: number,
): Promise<Result> {
  const cpuBefore = server.cpuMicroseconds;
  const measured = await load(server.port, requests, seconds);
  const expected = refused ? measured.requests : 0;
  if (measured.failed !== expected)
    throw new Error(`${server.name}: ${measured.failed} of ${measured.requests} failed, not ${expected}`);
  return {
    name: server.name,
    perSecond: measured.requests / measured.seconds,
    p50Ms: measured.p50Ms,
    p99Ms: measured.p99Ms,
    cpuMicroseconds: (server.cpuMicroseconds - cpuBefore) / measured.requests,
    residentBytes: server.residentBytes,
  };
}

function medians(name: string, results: readonly Result[]): Result {
  const of = (figure: (result: Result) => number) => median(results.map(figure));
  return {
    name,
    perSecond: of((each) => each.perSecond),
    p50Ms: of((each) => each.p50Ms),
    p99Ms: of((each) => each.p99Ms),
    cpuMicroseconds: of((each) => each.cpuMicroseconds),
    residentBytes: of((each) => each.residentBytes),
  };
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}
