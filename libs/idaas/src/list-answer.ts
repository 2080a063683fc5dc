import { UpstreamFailed } from './idaas.problems.js';
import type { UpstreamResponse } from './send.js';
import { requireStatus } from './response-parser.js';

export interface ListTimeouts {
  /** For each page, and for each silence within the whole list. */
  readonly readTimeoutMs: number;
  /** For a list in all. */
  readonly listTimeoutMs: number;
}

/** An upstream of before 5.42 has no list by page; a later one may have no other. */
export function isNoSuchList({ status }: UpstreamResponse): boolean {
  return status === 404 || status === 405 || status === 501;
}

/**
 * Throws what any status but 200 means: `CredentialsRefused` where the application may not list jobs. What is wrong with the list is
 * nothing that the caller of the gateway sent or named, so a 400 or 404 is a failure of the upstream.
 */
export function requireList(response: UpstreamResponse): void {
  if (response.status === 400 || response.status === 404) throw new UpstreamFailed(response.status);
  requireStatus(response, 200);
}
