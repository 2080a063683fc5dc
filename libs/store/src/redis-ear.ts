import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisTarget } from './redis-target.js';
import type { Listener } from './store.js';

/** Listens to channels, on a connection of its own: one that listens can send nothing else. While Redis is away it is deaf. */
export class RedisEar {
  private readonly redis: RedisConnection;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(target: RedisTarget, commandTimeoutMs: number) {
    this.redis = connectRedis(target, commandTimeoutMs);
    // Without a listener an 'error' would end the process.
    this.redis.on('error', () => {});
    this.redis.on('message', (channel: string, message: string) => this.hear(channel, message));
    this.redis.on('ready', () => this.listenAgain());
  }

  /** Listens to a channel until the returned function is called. */
  subscribe(channel: string, listener: Listener): () => void {
    const listeners = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, listeners.add(listener));
    if (listeners.size === 1) this.listenTo(channel);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.listeners.delete(channel);
      if (this.redis.status === 'ready') this.redis.unsubscribe(channel).catch(() => {});
    };
  }

  close(): void {
    this.redis.disconnect();
  }

  private hear(channel: string, message: string): void {
    this.listeners.get(channel)?.forEach((listener) => listener(message));
  }

  private listenAgain(): void {
    for (const channel of this.listeners.keys()) this.listenTo(channel);
  }

  private listenTo(channel: string): void {
    if (this.redis.status === 'ready') this.redis.subscribe(channel).catch(() => {});
  }
}
