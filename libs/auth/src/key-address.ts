/** This machine, as `URL` writes it: `127.1` and `0x7f000001` are read as `127.0.0.1`, and `localhost.evil` is none of these. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface KeyAddressRules {
  /** Whether plain http is allowed to hosts that are not this machine. */
  readonly allowHttp: boolean;
  /** The address that named this one; what was learnt over https does not lead away from it. */
  readonly learntFrom?: string | undefined;
}

/**
 * Why keys must not be fetched from this address; undefined when they may. Who answers there decides who is trusted, so it must be
 * proven who answers: by https, or by its being this machine.
 */
export function keyAddressFault(
  address: string,
  { allowHttp, learntFrom }: KeyAddressRules,
): string | undefined {
  if (!URL.canParse(address)) return 'it is not an address';
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return 'an address of keys names no user and no password';
  if (protocol === 'https:') return undefined;
  if (protocol !== 'http:') return 'it is neither https nor http';
  if (allowHttp) return undefined;
  if (learntFrom !== undefined && new URL(learntFrom).protocol === 'https:')
    return 'plain http, named by a document that was read over https (or set allowHttp: true)';
  return LOOPBACK.has(hostname) ? undefined : 'plain http to another machine (or set allowHttp: true)';
}

/** The address without what may be a secret in it, for the log. */
export function shownAddress(address: string): string {
  if (!URL.canParse(address)) return address.slice(0, 200);
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`.slice(0, 200);
}
