import { Agent, type ClientRequestArgs } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type ConnectionOptions } from 'node:tls';
import type { ProxyAddress } from './proxy-address.js';
import { openTunnel } from './tunnel.js';

type Callback = (error: Error | null, socket: Duplex) => void;

/** For what asks by `node:http` or `node:https`: each connection goes through a proxy. */
export class TunnelAgent extends Agent {
  /** `tls` says how https addresses are spoken to; undefined for http addresses. */
  constructor(
    private readonly proxy: ProxyAddress,
    private readonly timeoutMs: number,
    private readonly tls: ConnectionOptions | undefined,
  ) {
    super({ keepAlive: true });
    // How `node:https` knows an agent of its own.
    if (tls) Object.assign(this, { protocol: 'https:', defaultPort: 443 });
  }

  override createConnection({ host, port }: ClientRequestArgs, callback?: Callback): undefined {
    const fail = (error: Error) => callback?.(error, undefined as never);
    const target = { host: host ?? 'localhost', port: Number(port) };
    openTunnel(this.proxy, target, { timeoutMs: this.timeoutMs }).then((socket) => {
      if (!this.tls) return callback?.(null, socket);
      const servername = isIP(target.host) === 0 ? target.host : undefined;
      // The host is what the certificate is held against; without it Node takes that of the socket, the proxy's.
      const secured = connect({ ...this.tls, socket, host: target.host, ...(servername && { servername }) });
      secured.setTimeout(this.timeoutMs, () => secured.destroy(new Error('TLS took too long')));
      secured.once('error', fail).once('secureConnect', () => {
        secured.off('error', fail).setTimeout(0);
        callback?.(null, secured);
      });
    }, fail);
    return undefined;
  }
}
