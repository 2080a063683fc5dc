import { Cluster } from 'ioredis';
import type { RedisConnection } from './redis-connection.js';

/**
 * Sends what is asked in one turn of the event loop in one write. ioredis' `enableAutoPipelining`, which does so too, costs twice as much
 * for each command. In a cluster, whose client chooses among connections, it is only gathered.
 */
export class OneWrite {
  private isGathering = false;
  private endings: (() => void)[] = [];

  constructor(private readonly redis: RedisConnection) {}

  /** To be called before a command is given to the connection, which must have been open once. */
  gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    // Each connection has a stream of its own: the one that is open now.
    const stream = this.redis instanceof Cluster ? undefined : this.redis.stream;
    stream?.cork();
    setImmediate(() => {
      this.end();
      stream?.uncork();
    });
  }

  /** Does something at the end of the turn; the commands that it gives are in the same write. */
  atTheEnd(work: () => void): void {
    this.endings.push(work);
    this.gather();
  }

  private end(): void {
    const { endings } = this;
    this.endings = [];
    for (const work of endings) work();
    this.isGathering = false;
  }
}
