import { Bench, type Finding } from './bench.js';
import { cachedStatus, cachedStatusForPage, cachedStatusTraced } from './cached-status.scenarios.js';
import { leaveMeasuredCore } from './server.js';
import { start, streams } from './checks.js';
import { largePrint, smallPrint } from './print.scenarios.js';
import { isMet, machine, reportOf } from './report.js';
import { counts, flatCost, notModified, refused, statusMiss } from './scenarios.js';

/** `npm run bench` runs all; `npm run bench -- a f` runs some. `BENCH_SECONDS` is how long each load lasts. */
const SCENARIOS: Readonly<Record<string, ((bench: Bench) => Promise<Finding>)[]>> = {
  a: [cachedStatus],
  'a-page': [cachedStatusForPage],
  'a-traced': [cachedStatusTraced],
  b: [counts],
  c: [statusMiss],
  d: [smallPrint, largePrint],
  e: [notModified],
  f: [refused],
  g: [streams],
  h: [start],
  flat: [flatCost],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SCENARIOS));
if (unknown.length > 0)
  throw new Error(`no scenario ${unknown.join(', ')}; there are ${Object.keys(SCENARIOS).join(', ')}`);

leaveMeasuredCore();
const bench = await Bench.open(Number(process.env.BENCH_SECONDS ?? 3));
process.stdout.write(`Measured on ${machine()}.\n\n`);
let missed = 0;
for (const name of wanted.length > 0 ? wanted : Object.keys(SCENARIOS)) {
  for (const run of SCENARIOS[name] ?? []) {
    const finding = await run(bench);
    missed += (finding.targets ?? []).filter((target) => !isMet(target)).length;
    process.stdout.write(`${reportOf(finding)}\n`);
  }
}
await bench.close();
process.stdout.write(missed === 0 ? 'Every target is met.\n' : `${missed} target(s) missed.\n`);
process.exitCode = missed === 0 ? 0 : 1;
