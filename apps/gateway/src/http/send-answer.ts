import type { FastifyReply } from 'fastify';
import { cacheStatus, matchesEtag, type Answer } from '#libs/cache';
import type { ReadDemand } from './read-demand.js';

/** Sends a cached answer: its headers, and its text or, to who has it already, 304 (RFC 9110 §13.1.2). */
export function sendAnswer(reply: FastifyReply, answer: Answer, demand: ReadDemand): void {
  const { entry } = answer;
  const nowMs = Date.now();
  const ageMs = entry.ageMs(nowMs);
  void reply
    .header('etag', entry.etag)
    .header('age', Math.floor(ageMs / 1000))
    .header('cache-control', cacheControl(entry.lifetime.freshMs, ageMs))
    .header('cache-status', cacheStatus(answer, nowMs));
  if (demand.ifNoneMatch !== undefined && matchesEtag(demand.ifNoneMatch, entry.etag))
    void reply.code(304).send();
  else void reply.header('content-type', 'application/json; charset=utf-8').send(entry.text);
}

/** An answer that was not kept must not be kept by the caller either. */
function cacheControl(freshMs: number, ageMs: number): string {
  return freshMs === 0
    ? 'private, no-store'
    : `private, max-age=${Math.max(0, Math.floor((freshMs - ageMs) / 1000))}`;
}

/** Says that `Prefer: wait` was followed (RFC 7240 §3). */
export function sayWaited(reply: FastifyReply, { waitSeconds }: ReadDemand): void {
  if (waitSeconds !== undefined) void reply.header('preference-applied', `wait=${waitSeconds}`);
}
