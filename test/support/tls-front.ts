import { readFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import type { Certified } from './authority.js';

/** TLS before a program that speaks none: what comes in is passed on. */
export class TlsFront {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly clientCa: string | undefined,
  ) {}

  /** Where `clientCa` is given, whoever comes must be certified by it. */
  static async start(port: number, { certFile, keyFile }: Certified, clientCa?: string): Promise<TlsFront> {
    const options: TlsOptions = {
      cert: readFileSync(certFile),
      key: readFileSync(keyFile),
      ...(clientCa !== undefined && { requestCert: true, rejectUnauthorized: true, ca: clientCa }),
    };
    const server = createServer(options);
    const front = new TlsFront(server, clientCa);
    server.on('tlsClientError', () => {});
    server.on('secureConnection', (client) => {
      const behind = connect(port, '127.0.0.1');
      for (const socket of [client, behind]) front.keep(socket);
      client.pipe(behind).pipe(client);
      client.on('close', () => behind.destroy());
      behind.on('close', () => client.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Shows another certificate from now on, and lets go of whom it showed the old one. */
  show({ certFile, keyFile }: Certified): void {
    const shown = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    this.server.setSecureContext({ ...shown, ...(this.clientCa !== undefined && { ca: this.clientCa }) });
    this.dropAll();
  }

  dropAll(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }

  stop(): void {
    this.dropAll();
    this.server.close();
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {}).once('close', () => this.sockets.delete(socket));
  }
}
