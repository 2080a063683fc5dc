import { setTimeout as delay } from 'node:timers/promises';
import { clusterUrl, RedisServer, startCluster } from '../support/redis.js';
import { RedisRelay } from '../support/redis-relay.js';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
const RESTART_MS = 500;

/** Redis behind relays: of a server each gateway has one of its own, of a cluster each node, for its clients learn its address from it. */
export class RelayedRedis {
  private constructor(
    private readonly servers: readonly RedisServer[],
    readonly relays: readonly RedisRelay[],
    /** For whoever only looks. */
    readonly url: string,
    private readonly urls: readonly string[],
  ) {}

  static async server(gateways: number): Promise<RelayedRedis> {
    const server = await RedisServer.start(...DURABLE);
    const relays = await Promise.all(Array.from({ length: gateways }, () => RedisRelay.start(server.port)));
    return new RelayedRedis(
      [server],
      relays,
      server.url,
      relays.map(({ url }) => url),
    );
  }

  static async cluster(gateways: number): Promise<RelayedRedis> {
    const relays: RedisRelay[] = [];
    const servers = await startCluster(async (port) => {
      const relay = await RedisRelay.start(port);
      relays.push(relay);
      return relay.port;
    });
    const url = clusterUrl(relays);
    return new RelayedRedis(servers, relays, url, Array<string>(gateways).fill(url));
  }

  /** Where this gateway finds it. */
  urlOf(gateway: number): string {
    return this.urls[gateway] as string;
  }

  /** Ends it as a crash does, and starts it again with what it had written. */
  async restart(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await delay(RESTART_MS);
    await Promise.all(this.servers.map((server) => server.run()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.relays.map((relay) => relay.stop()));
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}
