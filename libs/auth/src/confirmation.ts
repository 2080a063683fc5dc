import { InvalidToken } from './auth.problems.js';
import { isMap, kindOf, type Claims } from './claim-path.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/** What a caller must prove to have, beside the token (RFC 7800 §3): each that is named. */
export interface Confirmation {
  /** The thumbprint of the key that signs DPoP proofs (RFC 9449 §6.1). */
  readonly jkt: string | undefined;
  /** The thumbprint of the client's certificate (RFC 8705 §3.1). */
  readonly x5t: string | undefined;
}

/** SHA-256 as base64url. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/**
 * To whom the token is bound; undefined where to nobody. A binding that cannot be checked is none, and what the policy requires must be
 * there: throws {@link InvalidToken}.
 */
export function confirmationOf(
  { cnf }: Claims,
  { sender }: Pick<TrustedIssuer, 'sender'>,
): Confirmation | undefined {
  const confirmation = cnf === undefined ? undefined : readConfirmation(cnf);
  if (sender.dpop && confirmation?.jkt === undefined)
    throw unbound('the policy requires DPoP: its claim cnf must have a jkt');
  if (sender.certificate && confirmation?.x5t === undefined)
    throw unbound('the policy requires a certificate: its claim cnf must have an x5t#S256');
  return confirmation;
}

function readConfirmation(cnf: unknown): Confirmation {
  if (!isMap(cnf)) throw unbound(`its claim cnf is ${kindOf(cnf)}; it must be an object`);
  const { jkt, 'x5t#S256': x5t } = cnf;
  const isThumbprint = (value: unknown) => typeof value === 'string' && THUMBPRINT.test(value);
  const isSound = [jkt, x5t].every((each) => each === undefined || isThumbprint(each));
  if (!isSound || (jkt === undefined && x5t === undefined))
    throw unbound('its claim cnf must have a jkt or an x5t#S256, each a SHA-256 thumbprint');
  return { jkt: jkt as string | undefined, x5t: x5t as string | undefined };
}

function unbound(why: string): InvalidToken {
  return new InvalidToken('sender', `the token is not bound to its sender as it should be: ${why}`);
}
