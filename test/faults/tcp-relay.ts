import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What befalls connections and what passes over them. */
export const LINK_FAULTS = [
  /** Nobody listens. */
  'refused',
  /** Connections open, and nothing passes, nor is anything said to be wrong. */
  'black hole',
  /** The same for what comes back: requests arrive, answers do not. */
  'half open',
  /** Each breaks when its first answer begins. */
  'reset before headers',
  /** Each breaks within its first answer. */
  'reset in the middle',
  /** Each breaks within 40 ms, for as long as it lasts. */
  'flapping',
  /** Everything is 300 ms late, each way. */
  'late',
  /** A kilobyte a second comes back. */
  'slow',
] as const;

export type LinkFault = (typeof LINK_FAULTS)[number];

const FLAP_MS = 40;
const LATE_MS = 300;
const DRIP_BYTES = 100;
const DRIP_MS = 100;

/** Stands between the gateway and what it depends on, and harms the connections as it is told. */
export class TcpRelay {
  private fault: LinkFault | undefined;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  private constructor(
    readonly port: number,
    private readonly target: number,
  ) {}

  static async start(target: number): Promise<TcpRelay> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const relay = new TcpRelay((server.address() as AddressInfo).port, target);
    relay.serve(server);
    return relay;
  }

  /** Connections that are open suffer it as well. */
  async injectFault(fault: LinkFault): Promise<void> {
    this.fault = fault;
    if (fault === 'refused') await this.close();
    if (fault === 'flapping') this.breakAll();
  }

  /** All passes again; what hung is broken. */
  async mend(): Promise<void> {
    this.fault = undefined;
    this.breakAll();
    if (this.server) return;
    const server = createServer();
    await once(server.listen(this.port, '127.0.0.1'), 'listening');
    this.serve(server);
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.breakAll();
    if (server) await once(server.close(), 'close');
  }

  private serve(server: Server): void {
    this.server = server;
    server.on('connection', (client) => this.relay(client));
  }

  private breakAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  private relay(client: Socket): void {
    const far = connect(this.target, '127.0.0.1');
    for (const [one, other] of [
      [client, far],
      [far, client],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay().on('error', () => {});
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    if (this.fault === 'flapping') setTimeout(() => client.resetAndDestroy(), FLAP_MS).unref();
    client.on('data', (piece: Buffer) => void this.pass(piece, client, far, 'there'));
    far.on('data', (piece: Buffer) => void this.pass(piece, far, client, 'back'));
  }

  private async pass(piece: Buffer, from: Socket, to: Socket, way: 'there' | 'back'): Promise<void> {
    const { fault } = this;
    if (fault === 'black hole') return;
    if (fault === 'late') await delay(LATE_MS);
    if (way === 'back') return this.passBack(piece, from, to);
    to.write(piece);
  }

  private async passBack(piece: Buffer, from: Socket, to: Socket): Promise<void> {
    const { fault } = this;
    if (fault === 'half open') return;
    if (fault === 'slow') return this.drip(piece, from, to);
    if (fault === 'reset before headers') return void to.resetAndDestroy();
    const half = piece.subarray(0, piece.length / 2);
    if (fault === 'reset in the middle') to.write(half, () => to.resetAndDestroy());
    else to.write(piece);
  }

  private async drip(piece: Buffer, from: Socket, to: Socket): Promise<void> {
    from.pause();
    for (let at = 0; at < piece.length && !to.destroyed; at += DRIP_BYTES) {
      to.write(piece.subarray(at, at + DRIP_BYTES));
      if (this.fault === 'slow') await delay(DRIP_MS);
    }
    from.resume();
  }
}
