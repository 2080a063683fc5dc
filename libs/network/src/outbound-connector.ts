import { lookup as ask } from 'node:dns/promises';
import type { SecureContext } from 'node:tls';
import { Logger } from '@nestjs/common';
import { buildConnector } from 'undici';
import type { ProxyFor } from './proxy.config.js';
import { RememberedNames } from './remembered-names.js';
import { openTunnel } from './tunnel.js';

interface OutboundOptions {
  /** For the tunnel through a proxy, and again for what is opened over it. */
  readonly timeoutMs: number;
  readonly proxyFor: ProxyFor;
  /** What the certificates of the other side are held against, and our own; undefined: what Node trusts, and none. */
  readonly secureContext: () => SecureContext | undefined;
}

/**
 * Opens connections for undici, through a proxy where there is one. undici's own `ProxyAgent` opens one only for a request that waits for
 * it already; this gives a connection that is open, with nothing sent over it.
 */
export function outboundConnector(options: OutboundOptions): buildConnector.connector {
  const { timeoutMs, proxyFor } = options;
  const { lookup } = NAMES;
  const always = { timeout: timeoutMs, lookup };
  let context: SecureContext | undefined;
  let connect = buildConnector(always);
  /** It remembers TLS sessions, which belong to the certificates with which they were begun. */
  const current = () => {
    const now = options.secureContext();
    if (now !== context) connect = buildConnector({ ...always, ...(now && { secureContext: now }) });
    context = now;
    return connect;
  };
  return (target, callback) => {
    const { protocol, hostname } = target;
    const port = Number(target.port) || (protocol === 'https:' ? 443 : 80);
    const address = hostname.includes(':') ? `[${hostname}]` : hostname;
    const proxy = proxyFor(new URL(`${protocol}//${address}:${port}`));
    if (!proxy) return void current()(target, callback);
    const secureContext = options.secureContext();
    openTunnel(proxy, { host: hostname, port }, { timeoutMs, lookup, secureContext }).then(
      (socket) => {
        if (protocol === 'https:') current()({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: unknown) => callback(error as Error, null),
    );
  };
}

/** One memory for the process: a name means the same to everybody, and connections are opened anew with each certificate. */
const NAMES = rememberedNames();

function rememberedNames(): RememberedNames {
  const log = new Logger('Names');
  const whatToDo = 'its last address is used. Look at the name server, and at the resolver of this machine';
  return new RememberedNames({
    ask,
    now: () => performance.now(),
    onRemembered: (name, err) => log.warn({ err, name }, `a name cannot be resolved; ${whatToDo}`),
  });
}
