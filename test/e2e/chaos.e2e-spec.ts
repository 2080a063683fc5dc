import { keepPromises } from '../chaos/promises.js';

/** `CHAOS_SEED` repeats a run; the long form is `npm run test:chaos`. */
describe('whatever fails', () => {
  it('no card is printed twice, and what was told is true', async () => {
    const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
    await keepPromises({ seed, prints: 500, clients: 16, restartsRedis: true });
  }, 120_000);
});
