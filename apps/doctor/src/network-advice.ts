interface Advice {
  readonly code: string;
  readonly advice: string;
}

const ADVICE: readonly (readonly [codes: RegExp, advice: string])[] = [
  [
    /^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL|EREFUSED)/,
    'Look at the host name, and at the DNS servers of this machine.',
  ],
  [/^ECONNREFUSED$/, 'Nothing listens there: look at the host name, the port, and firewalls that refuse.'],
  [
    /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT)$/,
    'Nothing answers: look at routes and firewalls on the way; many networks let nothing out but through a proxy.',
  ],
  [
    /^PROXY_FAULT$/,
    'Look at that proxy, at what it lets through, and at HTTPS_PROXY, HTTP_PROXY, IDAAS_PROXY and NO_PROXY.',
  ],
  [/^(CERT_HAS_EXPIRED)$/, 'The certificate has expired: whoever runs that server must renew it.'],
  [/^CERT_NOT_YET_VALID$/, 'The certificate is not valid yet: look at the clock of this machine.'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'The certificate is of another host: look at the host name, or at what answers in its place.',
  ],
  [
    /CERT|UNABLE_TO_|SELF_SIGNED/,
    'Its authority is not trusted here: a private one, or that of a proxy that reads TLS, goes into the file that IDAAS_CA_FILE, AUTH_CA_FILE or REDIS_CA_FILE names.',
  ],
  [
    /^(EPROTO|ERR_SSL)/,
    'What answers there speaks no TLS, or another version of it: look at the port, and at what is between.',
  ],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    'Something on the way breaks connections: look at firewalls and proxies.',
  ],
];

/** What a failure of the network is called, and what to do; `other` where it is none that is known. */
export function networkAdvice(
  error: unknown,
  other = 'Look at what is between this machine and that host.',
): Advice {
  const code = codeOf(error);
  return { code, advice: ADVICE.find(([codes]) => codes.test(code))?.[1] ?? other };
}

/** The first code of this error, or of what caused it. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 6; depth += 1) {
    const { code, errors, cause } = at as { code?: unknown; errors?: unknown[]; cause?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z_\d]+$/.test(code)) return code;
    at = errors?.[0] ?? cause;
  }
  return error instanceof Error ? error.message : String(error);
}
