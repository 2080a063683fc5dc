import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { RepeatedLines, type Metrics } from '#libs/telemetry';

const SWEEP_MS = 50;
/** Who has connected and sent nothing for so long makes room for others. */
const SILENT_MS = 1_000;

/**
 * The connections of callers, which are no more than `most`. One too many is closed at once, and those that nobody uses make room for the
 * next. When the server closes it waits for its connections: those that never sent a byte count as busy for Node, and those that become idle
 * while it waits are kept alive. Both would keep a gateway from stopping for a minute.
 */
export class Connections {
  private readonly openedAtMs = new Map<Socket, number>();
  private readonly lines = new RepeatedLines(() => performance.now());

  constructor(
    private readonly fastify: FastifyInstance,
    private readonly most: number | undefined,
    /** Ends what nobody uses of the connections that are not Node's own to end. */
    private readonly closeOthersIdle: () => void = () => {},
  ) {}

  /** To be called once, before it listens. */
  watch(metrics: Metrics): void {
    const { fastify, most } = this;
    fastify.server.on('connection', (socket: Socket) => this.add(socket));
    fastify.addHook('preClose', (done) => this.letGo(done));
    metrics.gauge('connections', 'Connections of callers that are open.', () => this.openedAtMs.size);
    if (most === undefined) return;
    const refused = metrics.counter('connections_refused_total', 'Connections beyond the limit.');
    metrics.gauge('connections_limit', 'Connections of callers that may be open.', () => most);
    fastify.server.maxConnections = most;
    fastify.server.on('drop', () => {
      refused.inc();
      this.closeUnused(SILENT_MS);
      if (this.lines.isDue('full'))
        fastify.log.warn(
          { most },
          'Too many connections: one was refused. More files that may be open (`ulimit -n`, LimitNOFILE) allow more.',
        );
    });
  }

  private add(socket: Socket): void {
    this.openedAtMs.set(socket, performance.now());
    socket.once('close', () => this.openedAtMs.delete(socket));
  }

  private letGo(done: () => void): void {
    const sweep = setInterval(() => this.closeUnused(0), SWEEP_MS);
    this.fastify.server.once('close', () => clearInterval(sweep));
    done();
  }

  private closeUnused(silentMs: number): void {
    const beforeMs = performance.now() - silentMs;
    for (const [socket, openedAtMs] of this.openedAtMs)
      if (socket.bytesRead === 0 && openedAtMs <= beforeMs) socket.destroy();
    this.fastify.server.closeIdleConnections();
    this.closeOthersIdle();
  }
}
