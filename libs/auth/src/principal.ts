import type { Confirmation } from './confirmation.js';

/** The caller as the verified token names it. One object per verified token, the same for all its requests. */
export interface Principal {
  /** The issuer's identifier, exactly as in the policy and the token. */
  readonly issuer: string;
  /** Unique within the issuer only. */
  readonly subject: string;
  readonly tenant: string | undefined;
  /** The OAuth client that the token was issued to, where the token says so. */
  readonly clientId: string | undefined;
  /** Names as the issuer's mapping turns them into the policy's. */
  readonly roles: readonly string[];
  /** A claim of roles that the token does not carry, because its issuer keeps it elsewhere. */
  readonly distributedRoles?: string | undefined;
  /** What the caller must prove to have beside the token; undefined where nothing. */
  readonly confirmation?: Confirmation | undefined;
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
}
