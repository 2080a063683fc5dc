import { randomUUID } from 'node:crypto';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { KeepAlive } from '../support/keep-alive.js';
import { differenceOf, median, type Pair } from '../support/paired-times.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

const ROUNDS = 4_000;
const WARM_UP = 1_000;
const JOBS = 50;
/**
 * How far apart the two may be, in all pairs and in each half of them: so much, and on a busy machine a part of what an answer takes. A
 * difference of some microseconds shows in thousands of pairs over loopback, whichever way a processor's caches fall; nobody sees it over a
 * network.
 */
const APART = { leastMicroseconds: 15, share: 0.05 };

/** CWE-208: that another's job exists must not be told by the time in which it is denied. */
describe.each(['in the memory of one gateway', 'in Redis'] as const)(
  'a job that is not the caller’s, %s',
  (place) => {
    let redis: RedisServer | undefined;
    let env: TestEnvironment;
    let connection: KeepAlive;
    let foreign: string[];
    const unknown = Array.from({ length: JOBS }, () => randomUUID());
    beforeAll(async () => {
      redis = place === 'in Redis' ? await RedisServer.start() : undefined;
      const shared: Record<string, string> = redis ? { REDIS_URL: redis.url } : {};
      env = await TestEnvironment.open({ policy: withoutQuotas, gateway: { ...shared, LOG_LEVEL: 'warn' } });
      const print = async () =>
        (await env.as('olga').post(printPath(), printRequest())).body.printStatus.id as string;
      foreign = [];
      for (let job = 0; job < JOBS; job += 1) foreign.push(await print());
      connection = await KeepAlive.open(env.gatewayUrl);
    });
    afterAll(async () => {
      connection.close();
      await env.close();
      await redis?.stop();
    });

    it.each(['GET', 'DELETE', 'PATCH'])(
      'takes as long to be denied as one that never was: %s',
      async (method) => {
        const token = await env.tokenOf('otto');
        const body = method === 'PATCH' ? '{"smartcard":{}}' : '';
        const lines =
          method === 'PATCH' ? `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` : '';
        const measure = async (id: string): Promise<number> => {
          const start = `${method} ${statusPath(id)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
          const { status, microseconds } = await connection.send(`${start}${lines}\r\n${body}`);
          if (status !== 404) throw new Error(`answered ${status}`);
          return microseconds;
        };
        const pairs: Pair[] = [];
        for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
          const [a, b] = [foreign[round % JOBS] as string, unknown[round % JOBS] as string];
          // Which of the two comes first must not matter either.
          const isTurned = round % 2 === 1;
          const first = await measure(isTurned ? b : a);
          const second = await measure(isTurned ? a : b);
          if (round >= WARM_UP) pairs.push(isTurned ? [second, first] : [first, second]);
        }
        const [theirs, nobodys] = [0, 1].map((side) => median(pairs.map((pair) => pair[side] as number))) as [
          number,
          number,
        ];
        const apart = differenceOf(pairs);
        const halves = [pairs.slice(0, ROUNDS / 2), pairs.slice(ROUNDS / 2)].map(differenceOf);
        process.stdout.write(
          `${place}, ${method}: medians ${theirs.toFixed(1)} and ${nobodys.toFixed(1)} µs, another’s takes ${apart.toFixed(1)} µs longer, ` +
            `of the halves ${halves.map((each) => each.toFixed(1)).join(' and ')}\n`,
        );
        const most = Math.max(APART.leastMicroseconds, nobodys * APART.share);
        for (const each of [apart, ...halves]) expect(Math.abs(each)).toBeLessThan(most);
      },
      120_000,
    );
  },
);
