import { InvalidToken, MissingToken } from './auth.problems.js';

const SCHEME = 'Bearer ';
const IS_BEARER = /^bearer(?: |$)/i;
const BEARER = /^bearer +(\S+) *$/i;

/** What of a request says who is calling. */
export interface AuthorizedRequest {
  readonly headers: { readonly authorization?: string | undefined };
}

/** The access token of an `Authorization: Bearer …` header (RFC 6750 §2.1), the only place where it is taken from. */
export function bearerToken(request: AuthorizedRequest): string | null {
  const { authorization = '' } = request.headers;
  // As nearly everybody writes it; the expression would look at each character of a long text.
  if (authorization.startsWith(SCHEME) && !authorization.includes(' ', SCHEME.length))
    return authorization.slice(SCHEME.length) || null;
  return BEARER.exec(authorization)?.[1] ?? null;
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
