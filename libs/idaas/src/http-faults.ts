import { Problem } from '#libs/problem';
import { UpstreamTimedOut, UpstreamUnreachable } from './idaas.problems.js';
import { CONNECTION_GONE } from './ready-connections.js';

/** Failures that happen before a byte of the request is written: nothing can have been done upstream. */
const NOT_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID', 'PROXY_FAULT', CONNECTION_GONE],
]);

/** By their codes: undici may stand in a program twice, as Node has one of its own. */
const SILENT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** What a failed exchange means for whoever asked: a problem as it is, or that the upstream was silent or out of reach. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  return SILENT.has(code) ? new UpstreamTimedOut(error) : new UpstreamUnreachable(!NOT_SENT.has(code), error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
