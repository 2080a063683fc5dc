import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy that opens tunnels and does nothing else, for whoever knows its password where it has one. */
export class ConnectProxy {
  /** What was asked for, as `host:port`, whether or not it was given. */
  readonly asked: string[] = [];
  /** Answered to everybody, where it is set. */
  status: number | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly host: string,
  ) {}

  static async start({
    host = '127.0.0.1',
    login,
  }: { host?: string; login?: string } = {}): Promise<ConnectProxy> {
    const server = createServer((_request, response) => void response.writeHead(405).end());
    const proxy = new ConnectProxy(server, host);
    const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
    server.on('connect', ({ url = '', headers }, client: Socket) => {
      proxy.asked.push(url);
      proxy.keep(client);
      const status =
        proxy.status ?? (expected === undefined || headers['proxy-authorization'] === expected ? 200 : 407);
      if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      const [name = '', port] = url.split(/:(?=\d+$)/);
      const target = connect(Number(port), name.replace(/^\[|\]$/g, ''), () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        target.pipe(client).pipe(target);
      });
      proxy.keep(target);
      target.on('error', () => client.destroy());
      client.on('close', () => target.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** With this login, `user:password`, in it. */
  url(login?: string): string {
    return `http://${login === undefined ? '' : `${login}@`}${this.host}:${this.port}`;
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {}).once('close', () => this.sockets.delete(socket));
  }
}
