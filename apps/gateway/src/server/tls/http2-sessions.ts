import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { ConnectionEnd } from './connection-end.js';
import { forwardStream } from './forward-stream.js';

const MAX_STREAMS = 100;
/** How long a caller may take to close its side. */
const LINGER_MS = 1_000;

type Http1 = (this: Server, socket: TLSSocket | ConnectionEnd) => void;
type Connect = (end: ConnectionEnd) => void;

/**
 * HTTP/2 for a server of HTTP/1.1 over TLS: each stream becomes a connection of HTTP/1.1 within this process. Everything that decides about
 * requests stands on HTTP/1.1 (what a parser lets pass, bodies that are left unread, who has gone), and there is one of each. It costs such a
 * request a second reading of its head, and nothing to those that come as HTTP/1.1.
 */
export class Http2Sessions {
  private readonly sessions = new Set<OpenSession>();

  constructor(private readonly idleMs: number) {}

  /** To be called once, before it listens. */
  serve(fastify: FastifyInstance): void {
    const server = fastify.server as unknown as Server;
    const [http1, ...others] = server.listeners('secureConnection') as Http1[];
    if (!http1 || others.length > 0) throw new Error('Node does not listen to connections alone');
    server.off('secureConnection', http1);
    server.on('secureConnection', (socket: TLSSocket) => {
      if (socket.alpnProtocol === 'h2') this.begin(socket, (end) => http1.call(server, end));
      else http1.call(server, socket);
    });
    fastify.addHook('preClose', (done) => {
      for (const session of this.sessions) session.end();
      done();
    });
  }

  /** Ends those that nobody uses: they make room for others. */
  closeIdle(): void {
    for (const session of this.sessions) if (session.isIdle) session.end();
  }

  private begin(socket: TLSSocket, connect: Connect): void {
    const session = new OpenSession(socket, connect, this.idleMs);
    this.sessions.add(session);
    socket.once('close', () => this.sessions.delete(session));
  }
}

/** One connection, and the requests that are under way over it. */
class OpenSession {
  private readonly session: ServerHttp2Session;
  private readonly streams = new Set<ServerHttp2Stream>();
  private cut: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: TLSSocket,
    private readonly connect: Connect,
    idleMs: number,
  ) {
    this.session = performServerHandshake(socket, { settings: { maxConcurrentStreams: MAX_STREAMS } });
    this.session.on('error', () => {});
    if (idleMs > 0) this.session.setTimeout(idleMs, () => this.end());
    this.session.on(
      'stream',
      (stream: ServerHttp2Stream, _headers: unknown, _flags: number, rawHeaders: string[]) =>
        this.take(stream, rawHeaders),
    );
    socket.once('close', () => clearTimeout(this.cut));
  }

  get isIdle(): boolean {
    return this.streams.size === 0;
  }

  /** Takes no more requests, and ends behind the last one. A caller who does not close then is cut off, as in `lingeringClose`. */
  end(): void {
    this.session.close();
    if (this.isIdle) this.cut ??= setTimeout(() => this.socket.destroy(), LINGER_MS).unref();
  }

  private take(stream: ServerHttp2Stream, rawHeaders: readonly string[]): void {
    this.streams.add(stream);
    stream.on('close', () => {
      this.streams.delete(stream);
      if (this.session.closed) this.end();
    });
    const [here, there] = ConnectionEnd.pair();
    const { remoteAddress, remotePort, remoteFamily } = this.socket;
    // What a request asks its connection for.
    this.connect(Object.assign(there, { remoteAddress, remotePort, remoteFamily, encrypted: true }));
    forwardStream(stream, rawHeaders, here);
  }
}
