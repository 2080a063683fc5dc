import { keepPromises } from './promises.js';
import { QUICK, type Scenario } from './scenario.js';

/** `CHAOS_SEED` repeats the choices of a run. */
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const prints = Number(process.env.CHAOS_PRINTS ?? 2_000);

const USUAL: Scenario = {
  ...{ prints, clients: 24, printers: 12, redis: 'server', times: QUICK, rate: 1 },
  harms: ['gateways killed', 'gateways frozen', 'restarts of Redis', 'partitions'],
};
const CLUSTER: Scenario = { ...USUAL, redis: 'cluster', harms: ['gateways killed', 'replies lost'] };
/** One list is some 320 MB: it takes emulator and gateways seconds of CPU each, in which all else is slow. So there are fewer prints, or it took more than an hour. */
const LONG_LISTS = {
  prints: Math.ceil(prints / 4),
  rate: 0.1,
  times: { printMs: 3_000, settleMs: 20_000 },
};
const A_MILLION = 1_000_000;

/** All clients wait for the same printer, and give up: more of them would not print more. */
const atOnePrinter = (scenario: Scenario): Scenario => ({ ...scenario, printers: 1, clients: 8 });

const SCENARIOS: Record<string, Scenario> = {
  'at twelve printers': USUAL,
  'at one printer': atOnePrinter(USUAL),
  'at twelve printers, with a Redis Cluster that loses replies': CLUSTER,
  'at one printer, with a Redis Cluster that loses replies': atOnePrinter(CLUSTER),
  'at twelve printers, with lists of jobs that come whole': {
    ...USUAL,
    history: { jobs: 1_000, lists: 'whole' },
  },
  'at twelve printers, after a million others': {
    ...USUAL,
    history: { jobs: A_MILLION, lists: 'pages,whole' },
  },
  'at twelve printers, after a million others that are listed all at once': {
    ...USUAL,
    ...LONG_LISTS,
    history: { jobs: A_MILLION, lists: 'whole' },
  },
};

describe('prints', () => {
  it.each(Object.entries(SCENARIOS))(
    '%s are printed once each, whatever fails and whoever dies',
    async (_, scenario) => {
      await keepPromises(scenario, seed);
    },
    1_800_000,
  );
});
