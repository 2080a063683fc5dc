import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { TestEnvironment } from '../support/test-environment.js';
import { RESOLVING_AT_ONCE } from '../support/lost-prints.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

const FOUND_OUT_MS = 30_000;
const [AHEAD, BEHIND] = [15_000, -15_000];

/** With nothing printed before from which it could be learned how far the clocks are apart. */
describe.each([
  ['one gateway ahead', { gateway: AHEAD }],
  ['one gateway behind', { gateway: BEHIND }],
  ['the upstream ahead', { upstream: AHEAD }],
  ['the upstream behind', { upstream: BEHIND }],
])('with the clock of %s by fifteen seconds, the first print of all', (_, clocks) => {
  const { gateway = 0, upstream = 0 } = clocks as { gateway?: number; upstream?: number };
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { ...RESOLVING_AT_ONCE, AUTH_CLOCK_TOLERANCE_SECONDS: '20', REDIS_URL: redis.url },
      each: (index) => (index === 1 ? new FakeClock(gateway).environment : {}),
      emulator: { EMULATOR_QUEUED_MS: '1', EMULATOR_CARD_MS: '1', ...new FakeClock(upstream).environment },
    });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  it.each(['reset-after', 'reset-before'] as const)('is printed once when it is lost (%s)', async (kind) => {
    const key = randomUUID();
    await env.emulator.fault({ operation: 'print', kind, count: 1 });
    const print = (at: number) =>
      env.as('olga', at).post(printPath(), printRequest({ billing: { segmentId: key } }), keyHeader(key));
    expect((await print(1)).status).toBe(504);
    const answers = [1, 0].map((at) =>
      eventually(async () => {
        const { status, body } = await print(at);
        expect(status).toBe(200);
        return (body as { printStatus: { id: string } }).printStatus.id;
      }, FOUND_OUT_MS),
    );
    const [here, there] = await Promise.all(answers);
    const cards = () =>
      eventually(async () => {
        const left = (await env.emulator.ledger()).filter(({ segmentId }) => segmentId === key);
        expect(left).not.toEqual([]);
        return left;
      });
    expect((await cards()).map(({ jobId }) => jobId)).toEqual([here]);
    expect(there).toBe(here);
  });
});
