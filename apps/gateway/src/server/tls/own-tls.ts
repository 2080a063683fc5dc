import type { Server, ServerOptions } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { TlsFiles } from '#libs/network';
import type { TlsConfig } from './tls.config.js';

/** The certificate that the API is served with. */
export class OwnTls {
  private constructor(private readonly files: TlsFiles) {}

  /** Undefined where the API is served in the clear. Throws `TlsFilesFault`. */
  static of({ certFile, keyFile }: TlsConfig, pollMs: number): OwnTls | undefined {
    if (certFile === undefined || keyFile === undefined) return undefined;
    return new OwnTls(new TlsFiles({ certFile, keyFile }, pollMs));
  }

  /** What the server is made with, beside what it would be made with in the clear. */
  optionsOver(plain: ServerOptions & { headersTimeout: number }): ServerOptions {
    return {
      ...plain,
      ...this.shown,
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout: plain.headersTimeout,
    };
  }

  /** Shows changed certificates to who comes from then on, until the server closes. */
  keepUpToDate(fastify: FastifyInstance): void {
    const server = fastify.server as unknown as Server;
    this.files.onChange(() => server.setSecureContext(this.shown));
    fastify.addHook('onClose', () => this.files.close());
  }

  private get shown() {
    const { cert, key } = this.files.current;
    return { cert: cert as string, key: key as string };
  }
}
