import type { Problem } from './problem.js';

/** Where an OAuth client finds out which issuers' tokens are taken here (RFC 9728 §3). */
export const RESOURCE_METADATA_PATH = '/.well-known/oauth-protected-resource';

const FORBIDDEN = 403;
/** Of a description everything but these is left out (RFC 6750 §3). */
const UNSPEAKABLE = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g;

/**
 * The `WWW-Authenticate` of a problem, where it has one: why the token was not enough (RFC 6750 §3.1), and where the metadata of this
 * resource is (RFC 9728 §5.1). A token that was not enough for what was asked is told so with every 403.
 */
export function challengeOf(problem: Problem, origin: string | undefined): string | undefined {
  const isForbidden = problem.kind.status === FORBIDDEN;
  const challenge = problem.challenge ?? (isForbidden ? { error: 'insufficient_scope' } : undefined);
  if (!challenge) return undefined;
  const { error, scheme = 'Bearer', algs } = challenge;
  const said = [
    ...(error === undefined ? [] : [`error="${error}"`, `error_description="${speakable(problem.detail)}"`]),
    ...(algs === undefined ? [] : [`algs="${algs}"`]),
    ...(origin === undefined ? [] : [`resource_metadata="${origin}${RESOURCE_METADATA_PATH}"`]),
  ];
  return [scheme, said.join(', ')].join(' ').trim();
}

function speakable(text: string): string {
  return text.replace(UNSPEAKABLE, '');
}
