import { InvalidToken, MissingToken } from './auth.problems.js';

const SCHEME = 'Bearer ';
const IS_BEARER = /^(?:bearer|dpop)(?: |$)/i;
const BEARER = /^(?:bearer|dpop) +(\S+) *$/i;
const DPOP = /^dpop /i;
/**
 * A token without a scheme. A single word could be the name of a scheme as well (RFC 9110 §11.4), but none that is registered has more
 * than 13 characters.
 */
const BARE = /^[\w.~+/-]{20,}=*$/;

/** What of a request says who is calling. */
export interface AuthorizedRequest {
  readonly headers: { readonly authorization?: string | undefined };
}

/**
 * The access token of an `Authorization: Bearer …` or `DPoP …` header (RFC 6750 §2.1, RFC 9449 §7.1), the only place where it is taken
 * from. The vendor's document has an API key in that header, so a client that is generated from it sends the token alone: that is taken
 * too, as a bearer token.
 */
export function bearerToken(request: AuthorizedRequest): string | null {
  const { authorization = '' } = request.headers;
  // As nearly everybody writes it; the expression would look at each character of a long text.
  if (authorization.startsWith(SCHEME) && !authorization.includes(' ', SCHEME.length))
    return authorization.slice(SCHEME.length) || null;
  return BEARER.exec(authorization)?.[1] ?? BARE.exec(authorization)?.[0] ?? null;
}

/** Whether the token is said to come with a proof (RFC 9449 §7.1). */
export function usesDpopScheme({ headers: { authorization } }: AuthorizedRequest): boolean {
  return authorization !== undefined && !authorization.startsWith(SCHEME) && DPOP.test(authorization);
}

/** The same, of a request that must have one. Throws {@link MissingToken} or {@link InvalidToken}. */
export function presentedToken(request: AuthorizedRequest): string {
  const token = bearerToken(request);
  if (token !== null) return token;
  const isBearer = IS_BEARER.test(request.headers.authorization ?? '');
  throw isBearer
    ? new InvalidToken('malformed', 'the Authorization header is not of the form Bearer <token>')
    : new MissingToken();
}
