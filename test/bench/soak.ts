import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataUri, png } from '../support/some.js';
import { eventually } from '../support/eventually.js';
import { leaveMeasuredCore, type Contestant } from './contestant.js';
import { loadWith, type Request } from './load.js';
import { countReads, prints, statusReads, statusReadsWith } from './requests.js';
import { startGateway } from './servers.js';
import { PRINTERS, World } from './world.js';

/**
 * `npm run test:soak`: ten minutes of mixed load. What a gateway keeps after the last must be what it kept after the first, with
 * a twentieth to spare. `SOAK_MINUTES` makes it shorter.
 */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 10);
const MOST = 1.05;
const SECONDS_OF_EACH = 15;
/** Small enough to be reached within the first minute: from then on nothing may grow. */
const BOUNDS = {
  JOBS_PROCESS_ENTRIES: '2500',
  CACHE_PROCESS_ENTRIES: '2500',
  AUTH_TOKEN_CACHE_ENTRIES: '1000',
};

async function heapOf(gateway: Contestant): Promise<number> {
  const said = () => [...readFileSync(gateway.logFile, 'utf8').matchAll(/^heap (\d+)$/gm)];
  const before = said().length;
  gateway.signal('SIGCONT');
  return eventually(() => {
    const heaps = said();
    if (heaps.length === before) throw new Error('the gateway does not say what its heap is');
    return Number(heaps.at(-1)?.[1]);
  });
}

leaveMeasuredCore();
const world = await World.open();
process.env.BENCH_NODE_OPTIONS = `--expose-gc --import=${join(import.meta.dirname, 'heap-on-signal.js')}`;
const gateway = await startGateway(world, { LOG_LEVEL: 'warn', ...BOUNDS });
const holders = await world.holders(500);
const jobs = await world.print(gateway, holders, 1_000, PRINTERS.quick);
const moving = await world.print(gateway, holders, 1_000, PRINTERS.slow);
const image = JSON.stringify({ print: { front: [{ data: dataUri(png(20, 20)), layer: 'COLOR' }] } });
const forged = holders.map(({ token }) => `${token.slice(0, -64)}${'A'.repeat(64)}`);
const mixed: Request[] = [
  ...statusReads(holders, jobs, 2_000),
  ...statusReads(holders, moving, 2_000),
  ...countReads(holders),
  ...statusReadsWith(forged, jobs[0]?.[0] ?? ''),
  ...prints(holders.slice(0, 10), PRINTERS.quick, image),
];
const load = loadWith(world.directory);
let atFirst = 0;
let atLast = 0;
for (let minute = 1; minute <= MINUTES; minute += 1) {
  for (let second = 0; second < 60; second += SECONDS_OF_EACH)
    await load(gateway.port, mixed, SECONDS_OF_EACH);
  atLast = await heapOf(gateway);
  atFirst ||= atLast;
  process.stdout.write(`minute ${minute}: ${(atLast / 1e6).toFixed(1)} MB\n`);
}
await world.close();
const grown = atLast / atFirst;
process.stdout.write(
  `The heap is ${grown.toFixed(3)} of what it was after the first minute (at most ${MOST}).\n`,
);
process.exitCode = grown <= MOST ? 0 : 1;
