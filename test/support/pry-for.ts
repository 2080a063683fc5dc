import { PryingUsers } from './prying-users.js';
import { RedisServer } from './redis.js';
import { RoleEnvironment } from './role-environment.js';
import { Prng } from './prng.js';

/** Fifty users on two gateways and one Redis, for so long; what they were answered. */
export async function pryFor(durationMs: number): Promise<PryingUsers> {
  const redis = await RedisServer.start();
  const roleEnv = await RoleEnvironment.open({
    gateways: 2,
    gateway: { REDIS_URL: redis.url, LOG_LEVEL: 'warn' },
  });
  const seed = Number(process.env.FUZZ_SEED ?? 20_261_126);
  const users = new PryingUsers(roleEnv, new Prng(seed));
  await users.pry(50, durationMs);
  await roleEnv.close();
  await redis.stop();
  return users;
}
