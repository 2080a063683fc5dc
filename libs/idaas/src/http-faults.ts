import { errors } from 'undici';
import { Problem } from '#libs/problem';
import { UpstreamTimedOut, UpstreamUnreachable } from './idaas.problems.js';
import { CONNECTION_GONE } from './ready-connections.js';

/** Failures that happen before a byte of the request is written: nothing can have been done upstream. */
const NOT_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID', 'PROXY_FAULT', CONNECTION_GONE],
]);

/** What a failed exchange means for whoever asked: a problem as it is, or that the upstream was silent or out of reach. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return new UpstreamTimedOut(error);
  return new UpstreamUnreachable(!NOT_SENT.has(codeOf(error)), error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
