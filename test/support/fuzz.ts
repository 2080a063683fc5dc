import fc from 'fast-check';

/** The same inputs each time, unless told otherwise: FUZZ_SEED=… for others, FUZZ_RUNS=… for more of them. */
const { FUZZ_SEED = '20261126', FUZZ_RUNS = '100' } = process.env;

fc.configureGlobal({ seed: Number(FUZZ_SEED), numRuns: Number(FUZZ_RUNS) });

export { default } from 'fast-check';
