import type { Socket } from 'node:net';

/** How long a caller may take to see that no more is wanted, before the connection is cut. */
const LINGER_MS = 1_000;

/**
 * Closes this side of a connection, behind these last words, and a moment later the other (RFC 9112 §9.6). To close both at once would make the
 * kernel answer what still comes in with a reset, and the caller might lose the response. A caller who never closes would hold it for ever.
 */
export function lingeringClose(socket: Socket, lastWords = ''): void {
  socket.end(lastWords);
  const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(cut));
}
