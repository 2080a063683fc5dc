import { setFlagsFromString } from 'node:v8';

/**
 * Requests that wait for the upstream or a signature live long enough for V8 to believe that all do, and to make their
 * objects old from the start. Those die as old objects only, and keep what they point to: collecting garbage then takes a
 * quarter of the time, measured on Node 20, 22 and 24 (docs/performance.md).
 */
setFlagsFromString('--no-allocation-site-pretenuring');
