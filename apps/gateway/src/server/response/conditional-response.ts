import { cacheStatus, matchesEtag, type CachedResponse } from '#libs/cache';

/** A cached answer as it leaves: without a text, who asked has it already (RFC 9110 §13.1.2). */
export interface ConditionalResponse {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string | undefined;
}

/** Whoever keeps it asks before each use: who may see it, a caller's cache cannot know (RFC 9111 §5.2.2.4). A 304 costs little. */
const ASKED_FOR_AGAIN = 'private, no-cache';
/** An answer that was not kept must not be kept by the caller either. */
const NOT_KEPT = 'private, no-store';
export const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

export function conditionalResponse(
  answer: CachedResponse,
  ifNoneMatch: string | undefined,
): ConditionalResponse {
  const { etag, text, lifetime } = answer.entry;
  const nowMs = Date.now();
  const ageMs = answer.entry.ageMs(nowMs);
  const age = String(Math.floor(ageMs / 1000));
  const control = lifetime.freshMs === 0 ? NOT_KEPT : ASKED_FOR_AGAIN;
  const cache = cacheStatus(answer, nowMs);
  // Each with its headers written out: a copy of one with more would cost as much as all the rest.
  return ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)
    ? {
        status: 304,
        headers: { etag, age, 'cache-control': control, 'cache-status': cache },
        text: undefined,
      }
    : {
        status: 200,
        headers: {
          etag,
          age,
          'cache-control': control,
          'cache-status': cache,
          'content-type': JSON_MEDIA_TYPE,
        },
        text,
      };
}
