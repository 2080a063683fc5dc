import { Logger } from '@nestjs/common';
import { RedisStore, redisUrl } from '#libs/store';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { RedisServer } from '../support/redis.js';

/** An operator who got something wrong is told what, and what to do, at once: a Redis that is not there is otherwise silence. */
describe('a Redis that cannot be used from the start', () => {
  let redis: RedisServer;
  let said: string[];
  beforeAll(async () => {
    redis = await RedisServer.start();
    await redis.commandOf('CONFIG', 'SET', 'requirepass', 'secret-of-redis');
  });
  afterAll(() => redis.stop());
  let store: RedisStore | undefined;
  beforeEach(() => {
    said = [];
    const say = (...words: unknown[]): unknown => said.push(JSON.stringify(words));
    Logger.overrideLogger({ log: say, warn: say, error: say });
  });
  afterEach(async () => {
    await store?.close();
    Logger.overrideLogger(false);
  });

  const local = (port: number) => `127.0.0.1:${port}`;
  const nobody = async () => local(await freePort());

  it.each<[what: string, url: () => string | Promise<string>, says: RegExp]>([
    [
      'nothing listens there',
      async () => `redis://${await nobody()}`,
      /Redis: refused\. Nothing listens there/,
    ],
    [
      'its name is none',
      () => 'redis://nowhere.invalid:6379',
      /Redis: name not found\. Look at the host name/,
    ],
    [
      'the password is wrong',
      () => `redis://:wrong@${local(redis.port)}`,
      /Redis: login refused\. Look at the user/,
    ],
    ['the password is missing', () => redis.url, /Redis: login missing\. Redis wants a password/],
    [
      'it speaks no TLS',
      () => `rediss://:secret-of-redis@${local(redis.port)}`,
      /Redis: unreachable\. .*rediss:/,
    ],
    [
      'it has no such database',
      () => `redis://:secret-of-redis@${local(redis.port)}/99`,
      /Redis: no such database\./,
    ],
    [
      'no sentinel is there',
      async () => `redis+sentinel://${await nobody()}/name`,
      /Redis: (refused|no sentinel)\. /,
    ],
    ['no node is there', async () => `redis+cluster://${await nobody()}`, /Redis: (refused|cluster down)\. /],
  ])('is named, with what to do, when %s', async (_what, url, says) => {
    const target = redisUrl.parse(await url());
    if (!target) throw new Error('no URL');
    store = new RedisStore(target, {
      keyPrefix: 'print-gateway:',
      commandTimeoutMs: 250,
      minReplicas: 0,
      replicasTimeoutMs: 500,
    });
    await eventually(() => expect(said.join('\n')).toMatch(says));
    expect(said.join('\n')).not.toContain('secret-of-redis');
  });
});
