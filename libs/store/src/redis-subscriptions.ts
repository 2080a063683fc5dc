import { withTimeout } from './with-timeout.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisErrorLog } from './redis-error-log.js';
import { isReply } from './redis-errors.js';
import type { RedisTarget } from './redis-url.js';
import type { Listener } from './store.js';

/** How often it is made sure that the channels are still subscribed to. */
const CONFIRM_EVERY_MS = 5_000;
const FIRST_PAUSE_MS = 100;

/**
 * The channels that are listened to, on a connection of its own: one that listens can send nothing else. They are subscribed to when the
 * connection opens, again after each failure, with growing pauses, and again every few seconds: SUBSCRIBE does nothing to a channel that
 * is subscribed to, its reply shows that the connection lives, and in a cluster the client changes servers unseen. While Redis is away
 * nothing is heard.
 */
export class RedisSubscriptions {
  private readonly redis: RedisConnection;
  private readonly listeners = new Map<string, Set<Listener>>();
  private pauseMs = FIRST_PAUSE_MS;
  private next: NodeJS.Timeout | undefined;
  private refusedWith: unknown;

  constructor(
    target: RedisTarget,
    private readonly commandTimeoutMs: number,
    private readonly errors: RedisErrorLog,
  ) {
    this.redis = connectRedis(target, commandTimeoutMs);
    this.redis.on('error', (error: Error) => errors.saw(error));
    this.redis.on('message', (channel: string, message: string) => this.hear(channel, message));
    this.redis.on('ready', () => this.subscribeToAll());
    this.redis.on('close', () => clearTimeout(this.next));
  }

  /** What the channels were refused with when they were last asked for; undefined when they were not. */
  get refusal(): unknown {
    return this.refusedWith;
  }

  /** Listens to a channel until the returned function is called. */
  subscribe(channel: string, listener: Listener): () => void {
    const listeners = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, listeners.add(listener));
    if (listeners.size === 1) this.subscribeToAll();
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.listeners.delete(channel);
      if (this.redis.status === 'ready') this.redis.unsubscribe(channel).catch(() => {});
    };
  }

  close(): void {
    this.listeners.clear();
    clearTimeout(this.next);
    this.redis.disconnect();
  }

  private hear(channel: string, message: string): void {
    this.listeners.get(channel)?.forEach((listener) => listener(message));
  }

  private subscribeToAll(): void {
    clearTimeout(this.next);
    const channels = [...this.listeners.keys()];
    if (this.redis.status !== 'ready' || channels.length === 0) return;
    withTimeout(this.redis.subscribe(...channels), 2 * this.commandTimeoutMs).then(
      () => {
        this.pauseMs = FIRST_PAUSE_MS;
        this.refusedWith = undefined;
        this.subscribeIn(CONFIRM_EVERY_MS);
      },
      (error: unknown) => this.failed(error),
    );
  }

  private failed(error: unknown): void {
    this.errors.saw(error);
    this.refusedWith = isReply(error) ? error : undefined;
    this.subscribeIn(this.pauseMs);
    this.pauseMs = Math.min(CONFIRM_EVERY_MS, 2 * this.pauseMs);
    // A connection that is silent may be dead without having been told.
    if (!isReply(error)) this.redis.disconnect(true);
  }

  private subscribeIn(ms: number): void {
    clearTimeout(this.next);
    if (this.listeners.size > 0) this.next = setTimeout(() => this.subscribeToAll(), ms).unref();
  }
}
