import { InvalidToken } from './auth.problems.js';

const SCHEME = 'Bearer ';
const BEARER = /^bearer +(\S+) *$/i;

/** The access token of an `Authorization: Bearer …` header (RFC 6750 §2.1), the only place where it is taken from. */
export function bearerToken(request: { headers: { authorization?: string | undefined } }): string | null {
  const { authorization = '' } = request.headers;
  // As nearly everybody writes it; the expression would look at each character of a long text.
  if (authorization.startsWith(SCHEME) && !authorization.includes(' ', SCHEME.length))
    return authorization.slice(SCHEME.length) || null;
  return BEARER.exec(authorization)?.[1] ?? null;
}

/** The same, of a request that must have one. Throws {@link InvalidToken}. */
export function presentedToken(request: Parameters<typeof bearerToken>[0]): string {
  const token = bearerToken(request);
  if (token === null) throw new InvalidToken('send an access token as Authorization: Bearer <token>');
  return token;
}
