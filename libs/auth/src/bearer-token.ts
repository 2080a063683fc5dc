const BEARER = /^bearer +(\S+) *$/i;

/** The access token of an `Authorization: Bearer …` header (RFC 6750 §2.1), the only place where it is taken from. */
export function bearerToken(request: { headers: { authorization?: string | undefined } }): string | null {
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
