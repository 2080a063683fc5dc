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

/**
 * A name for these parts that does not show them at once; whoever can guess the parts can tell that they are these, so it is for what is
 * no secret. As JSON they cannot run into one another, whatever they contain.
 */
export function digestOf(...parts: readonly (string | undefined)[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
