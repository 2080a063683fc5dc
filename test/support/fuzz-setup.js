import prepare from './global-setup.js';

/** Says with what the fuzz tests run, so that a failure of last night can be had again. */
export default async function prepareFuzzing(config) {
  const { FUZZ_SEED = 'the default', FUZZ_RUNS = 'the default' } = process.env;
  process.stdout.write(`\nFuzzing: FUZZ_SEED is ${FUZZ_SEED}, FUZZ_RUNS is ${FUZZ_RUNS}.\n`);
  await prepare(config);
}
