import { keepPromises } from './promises.js';

const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);

describe('two thousand prints', () => {
  it('are printed once each, whatever fails and whoever is killed', async () => {
    await keepPromises({ seed, prints: 2_000, clients: 24, restartsRedis: false });
  }, 900_000);

  it('are printed once each when Redis is restarted in the middle as well', async () => {
    await keepPromises({ seed: seed + 1, prints: 2_000, clients: 24, restartsRedis: true });
  }, 900_000);
});
