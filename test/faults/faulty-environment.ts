import { TestEnvironment } from '../support/test-environment.js';
import { RedisRelay } from '../support/redis-relay.js';
import { RedisServer } from '../support/redis.js';
import { Operations, SHORT_TIMES } from './operations.js';
import { TcpRelay } from './tcp-relay.js';

/** The settings of an emulator whose cards leave at once, and a policy that lets every try print. */
export const PRINTS_ON = {
  emulator: { EMULATOR_QUEUED_MS: '1', EMULATOR_CARD_MS: '1' },
  policy: (yaml: string) => yaml.replaceAll(/cardsPerDay: \d+/g, 'cardsPerDay: 1000000'),
};

/** One gateway, and a relay before each of what it depends on. */
export class FaultyEnvironment {
  private constructor(
    readonly env: TestEnvironment,
    readonly operations: Operations,
    readonly redis: RedisServer,
    /** Decides on single commands; behind `redisLink`. */
    readonly redisCommands: RedisRelay,
    readonly redisLink: TcpRelay,
    readonly upstreamLink: TcpRelay,
  ) {}

  static async open(): Promise<FaultyEnvironment> {
    const redis = await RedisServer.start();
    const redisCommands = await RedisRelay.start(redis.port);
    const redisLink = await TcpRelay.start(redisCommands.port);
    let upstreamLink: TcpRelay | undefined;
    const env = await TestEnvironment.open({
      ...PRINTS_ON,
      gateway: { ...SHORT_TIMES, REDIS_URL: `redis://127.0.0.1:${redisLink.port}` },
      upstreamUrl: async (url) => {
        upstreamLink = await TcpRelay.start(Number(new URL(url).port));
        return `http://127.0.0.1:${upstreamLink.port}`;
      },
    });
    const operations = await Operations.of(env);
    return new FaultyEnvironment(env, operations, redis, redisCommands, redisLink, upstreamLink as TcpRelay);
  }

  async close(): Promise<void> {
    await this.env.close();
    await this.upstreamLink.close();
    await this.redisLink.close();
    await this.redisCommands.stop();
    await this.redis.stop();
  }
}
