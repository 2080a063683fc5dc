import { HeadersTooLarge } from '#libs/problem';
import { hasDuplicateKey } from './duplicate-json-key.js';
import { InvalidToken } from './auth.problems.js';

type Members = Readonly<Record<string, unknown>>;

/** The two readable parts of a token in JWS compact form (RFC 7515 §7.1). Nothing in it is verified yet. */
export interface AccessToken {
  readonly header: Members & { readonly alg: string; readonly kid?: string };
  readonly payload: Members;
}

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const OPAQUE = /^[A-Za-z0-9._~+/-]+=*$/;
/** Refuses what is no UTF-8 (RFC 7519 §7.2): put in its place, one character would stand for many. A BOM is no JSON. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** RFC 7518 §3.4. */
const ECDSA_SIGNATURE_BYTES = new Map([
  ['ES256', 64],
  ['ES384', 96],
  ['ES512', 132],
]);
/** `at+jwt` is RFC 9068; most providers still write `JWT`, or nothing. Anything else is another kind of token. */
const ACCESS_TOKEN_TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

/**
 * Whether a token is a JWS by its looks: three parts, the first of which begins as a JSON object does. What is none only its issuer can
 * read.
 */
export function looksLikeJws(token: string): boolean {
  return /^e[wy]/.test(token) && token.split('.', 4).length === 3;
}

/** Holds a token that only its issuer can read to the form of one (RFC 6750 §2.1). Throws {@link InvalidToken} or `HeadersTooLarge`. */
export function requireOpaqueForm(token: string, maxBytes: number): void {
  requireLength(token, maxBytes);
  if (!OPAQUE.test(token))
    throw new InvalidToken('malformed', 'the token has characters that no access token has');
}

/** Reads a token's parts strictly, before any key is looked for. Throws {@link InvalidToken} or `HeadersTooLarge`. */
export function readAccessToken(token: string, maxBytes: number): AccessToken {
  requireTokenForm(token, maxBytes);
  const [header, payload] = token.split('.', 2).map(readMembers) as [Members, Members];
  requireSoundHeader(header);
  requireSignatureLength(token, header.alg);
  return { header, payload };
}

function requireLength(token: string, maxBytes: number): void {
  if (token.length > maxBytes)
    throw new HeadersTooLarge(`The access token is longer than ${maxBytes} bytes.`);
}

/** Holds a token to the form of one, without a look at what it says. Throws {@link InvalidToken} or `HeadersTooLarge`. */
function requireTokenForm(token: string, maxBytes: number): void {
  requireLength(token, maxBytes);
  if (!COMPACT.test(token)) throw new InvalidToken('malformed', 'the token is not a JWS in compact form');
  if (!token.split('.').every(isBase64url))
    throw new InvalidToken('malformed', 'a part of the token is not base64url');
}

/**
 * RFC 7515 §2 and RFC 4648 §3.5: bits that no byte needs are zero, so that one token has one spelling. Of the digits alone; where
 * two or three are left over, the last of them has four or two such bits.
 */
function isBase64url(digits: string): boolean {
  const last = digits.at(-1) as string;
  switch (digits.length % 4) {
    case 0:
      return true;
    case 2:
      return 'AQgw'.includes(last);
    case 3:
      return 'AEIMQUYcgkosw048'.includes(last);
    default:
      return false;
  }
}

function readMembers(part: string): Members {
  const json = utf8(part);
  const members = parsed(json);
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw new InvalidToken('malformed', 'a part of the token is not a JSON object');
  }
  if (hasDuplicateKey(json)) throw new InvalidToken('malformed', 'the token names a member twice');
  return members as Members;
}

function utf8(part: string): string {
  try {
    return UTF8.decode(Buffer.from(part, 'base64url'));
  } catch {
    throw new InvalidToken('malformed', 'a part of the token is not UTF-8');
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new InvalidToken('malformed', 'a part of the token is not JSON');
  }
}

/** RFC 8725 §3.11 (explicit typing) and RFC 7515 §4.1.11 (`crit`: what is not understood is refused). */
function requireSoundHeader(header: Members): asserts header is AccessToken['header'] {
  const { alg, typ, kid, crit, b64 } = header;
  if (typeof alg !== 'string' || alg.toLowerCase() === 'none')
    throw new InvalidToken('signature', 'the token is not signed');
  if (crit !== undefined || b64 !== undefined)
    throw new InvalidToken('malformed', 'the token uses an unsupported extension');
  if (kid !== undefined && typeof kid !== 'string')
    throw new InvalidToken('malformed', 'the key id of the token is not a text');
  if (typ === undefined) return;
  if (typeof typ !== 'string' || !ACCESS_TOKEN_TYPES.has(typ.toLowerCase())) {
    throw new InvalidToken('not-access-token', 'the token is not an access token');
  }
}

/** The library below takes a signature of another length for a fault of its own, and not of the token. */
function requireSignatureLength(token: string, alg: string): void {
  const bytes = ECDSA_SIGNATURE_BYTES.get(alg);
  const digits = token.length - token.lastIndexOf('.') - 1;
  if (bytes !== undefined && Math.floor((digits * 3) / 4) !== bytes)
    throw new InvalidToken('signature', 'the signature of the token has a wrong length');
}

/** Whether the token says that it follows the JWT profile for access tokens (RFC 9068 §2.1). */
export function followsAccessTokenProfile(header: Members): boolean {
  return typeof header.typ === 'string' && header.typ.toLowerCase().endsWith('at+jwt');
}
