import { dataUri, png } from '../../support/builders.js';
import { fixtures } from '../../support/fixtures.js';
import { leaveMeasuredCore } from '../server.js';
import { loadWith, type Request } from '../load.js';
import { countReads, prints, statusReads, statusReadsWith } from '../requests.js';
import { RestlessClients } from './restless-clients.js';
import { SoakWorld } from './soak-world.js';

/**
 * `npm run test:soak`: thirty minutes of mixed load, with event streams, callers who go away, faults of the upstream and of Redis, and
 * a policy that changes. What a gateway keeps after the last minute must be what it kept after the fifth, with a twentieth to spare.
 * `SOAK_MINUTES` makes it shorter.
 */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const FIRST_MINUTE = Math.min(5, Math.ceil(MINUTES / 2));
const MOST = 1.05;
/** Connections that are kept open for the next call may be some more or less. */
const MORE_DESCRIPTORS = 16;
const SECONDS_OF_EACH = 10;
const TIMES = 5;
const FAULT_MS = 4_000;
const RESTLESS = 100;

leaveMeasuredCore();
const soak = await SoakWorld.open();
const { world, gateway } = soak;
const holders = await world.holders(500);
const jobs = await world.print(gateway, holders, 1_000, fixtures.printer);
const moving = await world.print(gateway, holders, 1_000, fixtures.secondPrinter);
const image = JSON.stringify({ print: { front: [{ data: dataUri(png(20, 20)), layer: 'COLOR' }] } });
const forged = holders.map(({ token }) => `${token.slice(0, -64)}${'A'.repeat(64)}`);
const mixed: Request[] = [
  ...statusReads(holders, jobs, 2_000),
  ...statusReads(holders, moving, 2_000),
  ...countReads(holders),
  ...statusReadsWith(forged, jobs[0]?.[0] ?? ''),
  ...prints(holders.slice(0, 2), [fixtures.printer, fixtures.printer], image),
];
const load = loadWith(world.directory);
let first = { heap: 0, descriptors: 0 };
let last = first;
for (let minute = 1; minute <= MINUTES; minute += 1) {
  const clients = new RestlessClients(
    gateway.url,
    [fixtures.printer, fixtures.secondPrinter],
    holders.slice(0, RESTLESS),
  );
  const faults: string[] = [];
  let served = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const loading = load(gateway.port, mixed, SECONDS_OF_EACH);
    soak.changePolicy();
    faults.push(await soak.harm(FAULT_MS));
    served += (await loading).requests;
  }
  await clients.leave();
  last = await soak.held();
  if (minute === FIRST_MINUTE) first = last;
  const { streams, aborts } = clients.did;
  const held = `${(last.heap / 1e6).toFixed(1)} MB, ${last.descriptors} descriptors`;
  const what = `${served} requests, ${streams} streams, ${aborts} given up; ${faults.join(', ')}`;
  process.stdout.write(`minute ${minute}: ${held} (${what})\n`);
}
const { unexpected } = soak;
await soak.close();
const grown = last.heap / first.heap;
const more = last.descriptors - first.descriptors;
process.stdout.write(
  `The heap is ${grown.toFixed(3)} of what it was after minute ${FIRST_MINUTE} (at most ${MOST}), ` +
    `and ${more} more descriptors are open (at most ${MORE_DESCRIPTORS}).\n${unexpected.join('\n')}\n`,
);
process.exit(grown <= MOST && more <= MORE_DESCRIPTORS && unexpected.length === 0 ? 0 : 1);
