import { hash } from 'node:crypto';

/** Who a caller is, whatever they may do: a subject is unique within its issuer only, and so is a tenant. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly tenant: string | undefined;
}

/** The identity alone, without what else the object knows of its caller. */
export function identityOf({ issuer, subject, tenant }: Identity): Identity {
  return { issuer, subject, tenant };
}

/** What tells an identity from all others, in the order in which digests name it: another would lose what is kept under them. */
export function identityParts({ issuer, tenant, subject }: Identity) {
  return [issuer, tenant, subject] as const;
}

/** A name that no two callers share, of characters that may stand in any key. */
export function identityKey(identity: Identity): string {
  return digestOf(...identityParts(identity));
}

/** A name that no two tenants share, of whichever issuers. Callers of one issuer without a tenant have the same one. */
export function tenantKey({ issuer, tenant }: Identity): string {
  return digestOf(issuer, tenant);
}

/** Whether both are the same caller. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  return one.issuer === other.issuer && one.tenant === other.tenant && one.subject === other.subject;
}

/**
 * A name for these parts that does not show them at once; whoever can guess the parts can tell that they are these, so it is for what is
 * no secret. As JSON they cannot run into one another, whatever they contain.
 */
export function digestOf(...parts: readonly (string | undefined)[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
