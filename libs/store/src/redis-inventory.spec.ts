import { RedisInventory } from './redis-inventory.js';
import { redisUrl, type RedisTarget } from './redis-url.js';

it('says what is wrong with a Redis that it cannot reach, and what to do', async () => {
  const target = redisUrl.parse('redis://127.0.0.1:1') as RedisTarget;
  const opening = RedisInventory.open(target, { keyPrefix: '', commandTimeoutMs: 100 }, 100);
  await expect(opening).rejects.toThrow(/^Redis: refused\. Nothing listens there/);
});
