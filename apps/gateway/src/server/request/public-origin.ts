import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Tells by which origin a caller knows the gateway; undefined where the request does not say. */
export type PublicOrigin = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string | undefined;

const HOST = /^[A-Za-z0-9._-]+(?::\d{1,5})?$|^\[[0-9a-fA-F:.]+\](?::\d{1,5})?$/;
const PROTOCOL = /^https?$/;

/**
 * The configured origin, or what the request itself says. Whoever lies about it is answered with their own lie and nobody else:
 * nothing is decided by it.
 */
export function publicOrigin(configured: string | undefined): PublicOrigin {
  if (configured !== undefined) return () => configured;
  return ({ headers, socket }) => {
    const host = first(headers['x-forwarded-host']) ?? headers.host ?? '';
    const protocol = first(headers['x-forwarded-proto']) ?? protocolOf(socket as Partial<TLSSocket>);
    return HOST.test(host) && PROTOCOL.test(protocol) ? `${protocol}://${host}` : undefined;
  };
}

/** What the proxy nearest to the caller said. */
function first(header: string | string[] | undefined): string | undefined {
  return [header].flat()[0]?.split(',', 1)[0]?.trim();
}

function protocolOf({ encrypted }: Partial<TLSSocket>): string {
  return encrypted ? 'https' : 'http';
}
