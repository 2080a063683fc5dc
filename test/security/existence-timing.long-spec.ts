import { randomUUID } from 'node:crypto';
import { House, withoutQuotas } from '../support/house.js';
import { KeepAlive } from '../support/keep-alive.js';
import { median, shareOfLonger, type Pair } from '../support/paired-times.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/some.js';
import { printPath, statusPath } from '../support/the.js';

const ROUNDS = 4_000;
const WARM_UP = 1_000;
const JOBS = 50;
/**
 * How far from a half the share may be. Chance alone leaves it within 0.03 in all but one of six thousand runs; a record that Redis sends
 * takes its client some microseconds more to read than none.
 */
const TOLERANCE = { 'in the memory of one gateway': 0.03, 'in Redis': 0.05 };
/** A difference that must be noticed, or the test would prove nothing: so much, and on a busy machine a part of what an answer takes. */
const NOTICED = { leastMicroseconds: 50, share: 0.1 };

/** CWE-208: that another's job exists must not be told by the time in which it is denied. */
describe.each(['in the memory of one gateway', 'in Redis'] as const)(
  'a job that is not the caller’s, %s',
  (place) => {
    let redis: RedisServer | undefined;
    let house: House;
    let connection: KeepAlive;
    let foreign: string[];
    const unknown = Array.from({ length: JOBS }, () => randomUUID());
    beforeAll(async () => {
      redis = place === 'in Redis' ? await RedisServer.start() : undefined;
      const shared: Record<string, string> = redis ? { REDIS_URL: redis.url } : {};
      house = await House.open({ policy: withoutQuotas, gateway: { ...shared, LOG_LEVEL: 'warn' } });
      const print = async () =>
        (await house.as('olga').post(printPath(), printRequest())).body.printStatus.id as string;
      foreign = [];
      for (let job = 0; job < JOBS; job += 1) foreign.push(await print());
      connection = await KeepAlive.open(house.gatewayUrl);
    });
    afterAll(async () => {
      connection.close();
      await house.close();
      await redis?.stop();
    });

    it.each(['GET', 'DELETE', 'PATCH'])(
      'takes as long to be denied as one that never was: %s',
      async (method) => {
        const token = await house.tokenOf('otto');
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
        const more = Math.max(NOTICED.leastMicroseconds, nobodys * NOTICED.share);
        const slowed = pairs.map((pair): Pair => [pair[0] + more, pair[1]]);
        const [share, noticed] = [shareOfLonger(pairs), shareOfLonger(slowed)];
        process.stdout.write(
          `${place}, ${method}: medians ${theirs.toFixed(1)} and ${nobodys.toFixed(1)} µs, another’s takes longer in ${share.toFixed(4)}; ` +
            `with ${more.toFixed(0)} µs more in ${noticed.toFixed(4)}\n`,
        );
        expect(noticed - share).toBeGreaterThan(TOLERANCE[place]);
        expect(Math.abs(share - 0.5)).toBeLessThan(TOLERANCE[place]);
      },
      120_000,
    );
  },
);
