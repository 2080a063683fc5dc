import { Secret, type SettingKind } from '#libs/config';

/** A proxy that opens tunnels (`CONNECT`, RFC 9110 §9.3.6). */
export interface ProxyAddress {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  /** `Proxy-Authorization`; undefined where the address names no user. */
  readonly authorization: Secret | undefined;
}

const DEFAULT_PORT = { 'http:': 80, 'https:': 443 };

/** As curl and others take it: `http://user:password@host:port`, or `host:port`. It may hold a password, so it is never shown. */
export const proxyAddress: SettingKind<ProxyAddress> = {
  expected: 'the address of a proxy such as http://user:password@proxy.example.com:3128',
  secret: true,
  parse(text) {
    const url = urlOf(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    const login = url && loginOf(url.username, url.password);
    if (!url || login === undefined) return undefined;
    const protocol = url.protocol as ProxyAddress['protocol'];
    return {
      protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? DEFAULT_PORT[protocol] : Number(url.port),
      authorization: login === ':' ? undefined : new Secret(`Basic ${Buffer.from(login).toString('base64')}`),
    };
  },
};

function urlOf(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isProxy = url.protocol in DEFAULT_PORT && url.hostname !== '';
  return isProxy && url.pathname === '/' && url.search + url.hash === '' ? url : undefined;
}

/** RFC 7617 §2. Undefined where a `%` stands for no character. */
function loginOf(username: string, password: string): string | undefined {
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    return undefined;
  }
}
