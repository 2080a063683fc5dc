import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const SOUND = /^[A-Za-z0-9_.:-]{1,128}$/;

/** The caller's `X-Request-Id` where it is short and harmless, otherwise one of our own. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SOUND.test(given) ? given : randomUUID();
}
