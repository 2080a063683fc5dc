import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { RelayedConnection, type Rule } from './relayed-connection.js';

/**
 * Stands between a gateway and Redis, and loses, delays or holds what passes, down to the single command. For each gateway one:
 * `each: (index) => ({ REDIS_URL: relays[index].url })`.
 */
export class RedisRelay {
  /** What becomes of each command; asked when it arrives, and before it is passed on. All pass where it is left out. */
  rule: Rule = () => 'pass';
  private readonly open = new Set<RelayedConnection>();
  private isCut = false;
  private isHeld = false;

  private constructor(
    private readonly server: Server,
    private readonly redisPort: number,
  ) {
    server.on('connection', (client) => this.relay(client));
  }

  /** On any free port, or on this one. */
  static async start(redisPort: number, port = 0): Promise<RedisRelay> {
    const server = createServer();
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return new RedisRelay(server, redisPort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Breaks all connections, with what was on its way on them, and each new one. */
  cut(): void {
    this.isCut = true;
    for (const connection of this.open) connection.break();
  }

  /** Is silent from now on: nothing passes, in neither direction, and no connection breaks. */
  hold(): void {
    this.isHeld = true;
    for (const connection of this.open) connection.hold();
  }

  /** All passes again. What was held comes at last. */
  mend(): void {
    [this.isCut, this.isHeld] = [false, false];
    this.rule = () => 'pass';
    for (const connection of this.open) connection.goOn();
  }

  async stop(): Promise<void> {
    this.cut();
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }

  /** Those that are open now. */
  get connections(): readonly RelayedConnection[] {
    return [...this.open];
  }

  private relay(client: Socket): void {
    if (this.isCut) return void client.destroy();
    const server = connect(this.redisPort, '127.0.0.1');
    const connection = new RelayedConnection(client, server, (words) => this.rule(words));
    if (this.isHeld) connection.hold();
    this.open.add(connection);
    connection.onEnd(() => this.open.delete(connection));
  }
}
