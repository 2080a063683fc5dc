import { hash } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify, type JWTPayload } from 'jose';
import { DPOP_ALGORITHMS, SenderNotProven } from './auth.problems.js';

/** A key of RSA with 8,192 bits fits. */
const MAX_PROOF_LENGTH = 4_096;
const MAX_ID_LENGTH = 255;
/** How far its `iat` may be from now, beside what clocks may differ: how fresh it is the nonce tells. */
const WINDOW_SECONDS = 300;
const NO_PROOF = 'it is no JWT of the type dpop+jwt, signed with the key in its header';

/** The request that a proof must be for. */
export interface ProvenRequest {
  readonly method: string;
  /** Its address as the caller knows it; the query does not count. */
  readonly address: string;
  readonly token: string;
  /** The thumbprint of the key to which the token is bound. */
  readonly jkt: string;
  readonly clockToleranceSeconds: number;
}

export interface DpopProof {
  readonly jti: string;
  readonly nonce: string | undefined;
}

/**
 * Checks a DPoP proof (RFC 9449 §4.3) but for what needs a memory: its nonce, and whether its `jti` is new. Throws
 * {@link SenderNotProven}.
 */
export async function readDpopProof(proof: string, request: ProvenRequest): Promise<DpopProof> {
  if (proof.length > MAX_PROOF_LENGTH) throw invalid(`it is longer than ${MAX_PROOF_LENGTH} characters`);
  // The key before the signature: of which key it is costs what its sender chose.
  if ((await thumbprintIn(proof)) !== request.jkt)
    throw invalid('it is signed with another key than the token is bound to');
  const payload = await verified(proof, request.clockToleranceSeconds);
  const { htm, htu, ath, jti, nonce } = payload;
  if (htm !== request.method) throw invalid('its htm is not the method of the request');
  if (!isSameAddress(htu, request.address)) throw invalid('its htu is not the address of the request');
  if (ath !== hash('sha256', request.token, 'base64url'))
    throw invalid('its ath is not the hash of the token');
  requireCurrent(payload, request.clockToleranceSeconds);
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_ID_LENGTH)
    throw invalid(`its jti must be a text of 1 to ${MAX_ID_LENGTH} characters`);
  return { jti, nonce: typeof nonce === 'string' ? nonce : undefined };
}

async function thumbprintIn(proof: string): Promise<string> {
  try {
    const { jwk } = decodeProtectedHeader(proof);
    if (!jwk || 'd' in jwk) throw invalid('its header must have a public key as jwk');
    return await calculateJwkThumbprint(jwk);
  } catch (error) {
    throw error instanceof SenderNotProven ? error : invalid(NO_PROOF);
  }
}

async function verified(proof: string, clockTolerance: number): Promise<JWTPayload> {
  try {
    const options = { algorithms: DPOP_ALGORITHMS, typ: 'dpop+jwt', clockTolerance };
    return (await jwtVerify(proof, EmbeddedJWK, options)).payload;
  } catch (error) {
    throw invalid(isWrongClaim(error) ? `its ${error.claim} is wrong` : NO_PROOF);
  }
}

/** By its code (`JOSEError`): a library may stand in a program twice. */
function isWrongClaim(error: unknown): error is { readonly claim: string } {
  return (error as { code?: unknown }).code === 'ERR_JWT_CLAIM_VALIDATION_FAILED';
}

function requireCurrent({ iat }: JWTPayload, toleranceSeconds: number): void {
  const apart = typeof iat === 'number' ? Math.abs(Date.now() / 1000 - iat) : Infinity;
  if (!(apart <= WINDOW_SECONDS + toleranceSeconds)) throw invalid('its iat is not the time of now');
}

/** Without query and fragment, in the one spelling of a URL (RFC 9449 §4.3, RFC 3986 §6.2.2). */
function isSameAddress(htu: unknown, address: string): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false;
  const [said, meant] = [new URL(htu), new URL(address)];
  return said.origin === meant.origin && said.pathname === meant.pathname;
}

function invalid(why: string): SenderNotProven {
  return new SenderNotProven('invalid_dpop_proof', `The DPoP proof is not valid: ${why}.`);
}
