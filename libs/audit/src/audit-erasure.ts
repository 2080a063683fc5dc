import type { Identity } from '#libs/contract';
import type { AuditEvent } from './audit-event.js';

/** What becomes of a record of an audit stream when a person is erased: nothing, it goes, or this comes in its place. */
type Erased = { readonly isNamed: false } | { readonly isNamed: true; readonly by: string | undefined };

/**
 * What the person did goes. What others did about the person's prints stays, without the person: what those others did is theirs to answer for.
 */
export function erasedFrom(record: string, isPerson: (identity: Identity) => boolean): Erased {
  const event = JSON.parse(record) as AuditEvent;
  if (typeof event.by === 'object' && isPerson(event.by)) return { isNamed: true, by: undefined };
  const { submitter, submissionId, owner, ...rest } = event;
  if (![submitter, owner].some((named) => named && isPerson(named))) return { isNamed: false };
  return { isNamed: true, by: JSON.stringify(rest) };
}
