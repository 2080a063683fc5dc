import { inTime } from './in-time.js';
import type { RedisConnection } from './redis-connection.js';

const PROBE_INTERVAL_MS = 200;

/**
 * Whether Redis answers. One command that fails is enough for doubt; from then on nobody waits for Redis until a
 * probe in the background was answered.
 */
export class RedisPresence {
  private up = false;
  private probing: NodeJS.Timeout | undefined;

  constructor(
    private readonly redis: RedisConnection,
    /** Where all others are, too: in a cluster it is their server that must answer. */
    private readonly probeKey: string,
    private readonly timeoutMs: number,
    private readonly changed: (isUp: boolean) => void,
  ) {
    redis.on('ready', () => this.probe());
    redis.on('close', () => this.doubt());
    redis.on('end', () => this.doubt());
    this.doubt();
  }

  get isUp(): boolean {
    return this.up;
  }

  doubt(): void {
    this.become(false);
    this.probing ??= setInterval(() => this.probe(), Math.max(PROBE_INTERVAL_MS, this.timeoutMs)).unref();
  }

  close(): void {
    clearInterval(this.probing);
    this.redis.removeAllListeners('close').removeAllListeners('end').removeAllListeners('ready');
  }

  private probe(): void {
    if (this.redis.status !== 'ready') return;
    inTime(this.redis.get(this.probeKey), 2 * this.timeoutMs).then(
      () => this.believe(),
      () => {},
    );
  }

  private believe(): void {
    clearInterval(this.probing);
    this.probing = undefined;
    this.become(true);
  }

  private become(isUp: boolean): void {
    if (this.up === isUp) return;
    this.up = isUp;
    this.changed(isUp);
  }
}
