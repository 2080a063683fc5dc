import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIPv6, type LookupFunction, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { ProxyAddress } from './proxy-address.js';

const KEEP_ALIVE_DELAY_MS = 60_000;
const PROXY_AUTHENTICATION_REQUIRED = 407;

/** There is no way through the proxy: nothing was sent to what is behind it. Says why, and names no address and no secret. */
export class ProxyFault extends Error {
  override readonly name = 'ProxyFault';
  /** What a caller's table of network errors knows it by. */
  readonly code = 'PROXY_FAULT';
}

interface TunnelOptions {
  readonly timeoutMs: number;
  readonly lookup?: LookupFunction;
  /** What the certificate of an https proxy is held against; undefined: what Node trusts. */
  readonly secureContext?: SecureContext | undefined;
}

/**
 * A connection to this host through a proxy, with nothing sent over it yet. It is no part of a pool: who asks for it has it for good.
 * Rejects with {@link ProxyFault}.
 */
export function openTunnel(
  proxy: ProxyAddress,
  { host, port }: { host: string; port: number },
  { timeoutMs, lookup, secureContext }: TunnelOptions,
): Promise<Socket> {
  const target = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
    host: proxy.hostname,
    port: proxy.port,
    method: 'CONNECT',
    path: target,
    headers: {
      host: target,
      ...(proxy.authorization && { 'proxy-authorization': proxy.authorization.reveal() }),
    },
    agent: false,
    ...(lookup && { lookup }),
    ...(secureContext && { secureContext }),
  });
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: unknown) => {
      clearTimeout(timer);
      request.destroy();
      reject(new ProxyFault(message, { cause }));
    };
    const timer = setTimeout(() => fail('The proxy did not open a connection in time.'), timeoutMs);
    request.on('connect', ({ statusCode = 0 }, socket: Socket, early: Buffer) => {
      clearTimeout(timer);
      const fault = faultOf(statusCode, proxy, early);
      if (fault === undefined)
        return resolve(socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS).setNoDelay(true));
      socket.on('error', () => {}).destroy();
      reject(new ProxyFault(fault));
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      fail(`The proxy cannot be reached (${error.code ?? 'unknown'}).`, error),
    );
    request.end();
  });
}

function faultOf(status: number, { authorization }: ProxyAddress, early: Buffer): string | undefined {
  if (status === PROXY_AUTHENTICATION_REQUIRED)
    return authorization
      ? 'The proxy refuses the user and password of its address (407).'
      : 'The proxy wants a user and a password (407): put them into its address, as http://user:password@host:port.';
  if (status < 200 || status > 299) return `The proxy opens no connection: it answered ${status} to CONNECT.`;
  // Whoever is behind it speaks when spoken to.
  return early.length > 0 ? 'The proxy sent something of its own into the connection.' : undefined;
}
