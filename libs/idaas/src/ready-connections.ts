import type { Socket } from 'node:net';
import { Client, type buildConnector } from 'undici';
import { UpstreamUnreachable } from './idaas.problems.js';

/**
 * What changes something goes over a connection that was used so recently, or a new one: servers and what stands before them close idle
 * ones after two seconds or later, and what is sent over one that is being closed may or may not have been done. Opening one costs less.
 */
const MAX_IDLE_MS = 1_000;

/** A connection was lost between being had and being used: nothing was sent over it. */
export const CONNECTION_GONE = 'CONNECTION_GONE';

export interface ReadyOptions {
  readonly connect: buildConnector.connector;
  /** So many are kept that nobody uses. */
  readonly kept: number;
  readonly now: () => number;
}

/** A client whose one connection is open: it opens no other behind the back of who took it. */
class ReadyConnection {
  readonly client: Client;
  usedAtMs = -Infinity;
  private fresh: Socket | undefined;

  constructor(origin: string, socket: Socket) {
    this.fresh = socket;
    // Its end is seen when the connection is used next.
    socket.on('error', () => {});
    this.client = new Client(origin, {
      pipelining: 1,
      connect: (_options, callback) => {
        const given = this.fresh;
        this.fresh = undefined;
        const gone = Object.assign(new Error('the connection was lost'), { code: CONNECTION_GONE });
        queueMicrotask(() => (given && isAlive(given) ? callback(null, given) : callback(gone, null)));
      },
    });
  }

  get isReady(): boolean {
    if (this.fresh) return isAlive(this.fresh);
    const { connected, size } = this.client.stats;
    return connected && size === 0;
  }

  close(): void {
    this.fresh?.destroy();
    void this.client.close();
  }
}

/**
 * Connections that are open before anything is asked over them: what is sent then leaves at once. undici opens one only for a request
 * that waits for it already.
 */
export class ReadyConnections {
  private readonly idle: ReadyConnection[] = [];
  private isClosed = false;

  constructor(
    private readonly origin: string,
    private readonly options: ReadyOptions,
  ) {}

  /** One that is open, for one request. Throws `UpstreamUnreachable`, with nothing sent. */
  async take(): Promise<ReadyConnection> {
    for (let kept = this.idle.pop(); kept; kept = this.idle.pop()) {
      const idleMs = this.options.now() - kept.usedAtMs;
      if (kept.isReady && idleMs < MAX_IDLE_MS) return kept;
      kept.close();
    }
    return new ReadyConnection(this.origin, await this.open());
  }

  giveBack(connection: ReadyConnection): void {
    connection.usedAtMs = this.options.now();
    if (connection.isReady && !this.isClosed && this.idle.length < this.options.kept)
      this.idle.push(connection);
    else connection.close();
  }

  /** Those that are in use are closed when their request has ended. */
  close(): void {
    this.isClosed = true;
    for (const connection of this.idle.splice(0)) connection.close();
  }

  private open(): Promise<Socket> {
    const { hostname, host, protocol, port } = new URL(this.origin);
    const options = { hostname: hostname.replace(/^\[|\]$/g, ''), host, protocol, port };
    return new Promise((resolve, reject) => {
      this.options.connect(options, (error, socket) => {
        if (error) reject(new UpstreamUnreachable(false, error));
        else resolve(socket);
      });
    });
  }
}

function isAlive(socket: Socket): boolean {
  return !socket.destroyed && socket.errored === null && socket.writable && socket.readable;
}
