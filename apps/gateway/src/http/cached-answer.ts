import { cacheStatus, matchesEtag, type Answer } from '#libs/cache';

/** A cached answer as it leaves: without a text, who asked has it already (RFC 9110 §13.1.2). */
export interface CachedAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string | undefined;
}

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

export function cachedAnswer(answer: Answer, ifNoneMatch: string | undefined): CachedAnswer {
  const { etag, text, lifetime } = answer.entry;
  const nowMs = Date.now();
  const ageMs = answer.entry.ageMs(nowMs);
  const age = String(Math.floor(ageMs / 1000));
  const control = cacheControl(lifetime.freshMs, ageMs);
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

/** An answer that was not kept must not be kept by the caller either. */
function cacheControl(freshMs: number, ageMs: number): string {
  return freshMs === 0
    ? 'private, no-store'
    : `private, max-age=${Math.max(0, Math.floor((freshMs - ageMs) / 1000))}`;
}
