import { Cluster } from 'ioredis';
import type { RedisConnection } from './redis-connection.js';

/**
 * Sends the commands of one turn of the event loop in one write to the socket, which is a twentieth of a print's processor time. ioredis'
 * `enableAutoPipelining` does so too, but keeps back what comes while a batch has no answer: when Redis is silent, a lease that was asked
 * for in vain could not be given back right behind it, and stayed taken. In a cluster, whose client chooses among connections, each command
 * is a write.
 */
export class CoalescedWrites {
  private isCorked = false;

  constructor(private readonly redis: RedisConnection) {}

  /** To be called before a command is given to the connection, which must have been open once. */
  beforeCommand(): void {
    if (this.isCorked || this.redis instanceof Cluster) return;
    // Each connection has a stream of its own: the one that is open now.
    const { stream } = this.redis;
    stream.cork();
    this.isCorked = true;
    setImmediate(() => {
      this.isCorked = false;
      stream.uncork();
    });
  }
}
