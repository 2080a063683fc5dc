import type { FastifyReply } from 'fastify';
import type { CachedResponse } from '#libs/cache';
import { conditionalResponse } from './conditional-response.js';
import { requireMatch } from '../request/if-match.js';
import type { CacheDirectives } from '../request/cache-directives.js';

/** Sends a cached answer: its headers, and its text or, to who has it already, 304. Throws `PreconditionFailed`. */
export function sendCached(
  reply: FastifyReply,
  answer: CachedResponse,
  { ifMatch, ifNoneMatch }: CacheDirectives,
): void {
  requireMatch(ifMatch, answer);
  const { status, headers, text } = conditionalResponse(answer, ifNoneMatch);
  void reply.code(status).headers(headers).send(text);
}

/** Says that `Prefer: wait` was followed, and nothing where it was not (RFC 7240 §3). */
export function setPreferenceApplied(reply: FastifyReply, waitedSeconds: number | undefined): void {
  if (waitedSeconds !== undefined) void reply.header('preference-applied', `wait=${waitedSeconds}`);
}
