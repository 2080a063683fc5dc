import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RESOLVING_AT_ONCE } from '../support/lost-prints.js';
import { RedisRelay } from '../support/redis-relay.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

const UNKNOWN = '/api/gateway/v1/unknown-prints';

/** A settlement is written down in one step of Redis; what belongs to it must be done also where nobody hears that it was. */
describe('a settlement whose reply was lost', () => {
  let redis: RedisServer;
  let relay: RedisRelay;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    relay = await RedisRelay.start(redis.port);
    env = await TestEnvironment.open({ gateway: { REDIS_URL: relay.url, ...RESOLVING_AT_ONCE } });
  });
  afterAll(async () => {
    await env.close();
    await relay.stop();
    await redis.stop();
  });
  beforeEach(async () => {
    await env.emulator.noFaults();
    await env.sharedStateIsUp();
  });

  const lose = async () => {
    const key = randomUUID();
    await env.emulator.fault({ operation: 'print', kind: 'reset-before', count: 1 });
    const request = printRequest({ printerPreferences: { copies: 3 } });
    expect((await env.as('olga').post(printPath(), request, keyHeader(key))).status).toBe(504);
  };
  const used = async () => {
    const { body } = await env.as('olga').get('/api/gateway/v1/me');
    return (body as { cardsToday: { used: number } }).cardsToday.used;
  };
  const unknown = async () => (await env.as('anna').get(UNKNOWN)).body as { id: string }[];
  const settlements = async () =>
    (await redis.command('XRANGE print-gateway:audit - +'))
      .split('\n')
      .filter((line) => line.includes('not-printed'));
  /** Of the next step that settles something. */
  const loseReplyOnce = () => {
    const lost = { count: 0 };
    const isSettling = (words: readonly string[]) =>
      ['settlements:unfinished', ':settled'].every((name) => words.some((word) => word.endsWith(name)));
    relay.rule = (words) => {
      if (lost.count > 0 || !isSettling(words)) return 'pass';
      lost.count += 1;
      return 'reply lost';
    };
    return lost;
  };

  it('by the gateway gives the cards back, and is an audit event', async () => {
    const lost = loseReplyOnce();
    await lose();
    expect(await used()).toBe(3);
    await eventually(async () => {
      expect(lost.count).toBe(1);
      expect(await used()).toBe(0);
      expect((await settlements()).length).toBeGreaterThanOrEqual(1);
    });
  });

  it('by a person can be repeated, gives the cards back, and is an audit event', async () => {
    const before = (await settlements()).length;
    await env.emulator.noLists();
    await lose();
    await eventually(async () => expect(await unknown()).toHaveLength(1));
    // Left to a person by now.
    await eventually(() => expect(env.output).toContain('prints of unknown outcome wait for a person'));
    const [{ id } = { id: '' }] = await unknown();
    loseReplyOnce();
    const settle = () => env.as('anna').post(`${UNKNOWN}/${id}`, { outcome: 'not-printed' });
    expect((await settle()).status).toBe(503);
    await env.sharedStateIsUp();
    expect((await settle()).status).toBe(204);
    await eventually(async () => {
      expect(await used()).toBe(0);
      expect((await settlements()).length).toBeGreaterThan(before);
    });
  });
});
