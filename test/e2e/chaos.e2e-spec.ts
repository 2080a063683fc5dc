import { keepPromises } from '../chaos/promises.js';
import { QUICK } from '../chaos/scenario.js';

/** `CHAOS_SEED` repeats the choices of a run; the long form is `npm run test:chaos`. */
describe('whatever fails', () => {
  it('no card is printed twice, what was told is true, and quotas are exact', async () => {
    const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
    await keepPromises(
      {
        ...{ prints: 80, clients: 12, printers: 9, redis: 'server', times: QUICK, rate: 1 },
        harms: ['gateways killed', 'restarts of Redis', 'partitions'],
      },
      seed,
    );
  }, 300_000);
});
