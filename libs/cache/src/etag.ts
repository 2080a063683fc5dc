import { hash } from 'node:crypto';

/** A strong entity tag of these bytes (RFC 9110 §8.8.3). */
export function etagOf(text: string): string {
  return `"${hash('sha256', text, 'base64url').slice(0, 27)}"`;
}

/** Whether an `If-Match` names this tag; compared strongly, as the field demands: no weak tag ever matches (RFC 9110 §13.1.1). */
export function matchesEtagStrongly(ifMatch: string, etag: string): boolean {
  return ifMatch.trim() === '*' || ifMatch.split(',').some((tag) => tag.trim() === etag);
}

/** Whether an `If-None-Match` names this tag; compared weakly, as the field demands (RFC 9110 §13.1.2). */
export function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
