import { Setting } from '#libs/config';
import { noProxy, type NoProxy } from './no-proxy.js';
import { proxyAddress, type ProxyAddress } from './proxy-address.js';

/** Through which proxy an address is reached; undefined: through none. */
export type ProxyFor = (address: URL) => ProxyAddress | undefined;

const DEFAULT_PORT = { 'http:': 80, 'https:': 443 };

/** By which way the upstream, the identity providers and the collector of traces are reached. Redis never is through a proxy. */
export class ProxyConfig {
  @Setting({
    name: 'HTTPS_PROXY',
    also: 'https_proxy',
    kind: proxyAddress,
    meaning:
      'the proxy through which https addresses of the upstream, of identity providers and of the collector are reached, by a tunnel (`CONNECT`)',
  })
  readonly httpsProxy?: ProxyAddress;

  @Setting({
    name: 'HTTP_PROXY',
    also: 'http_proxy',
    kind: proxyAddress,
    meaning: 'the same for http addresses, and for https addresses where `HTTPS_PROXY` is not set',
  })
  readonly httpProxy?: ProxyAddress;

  @Setting({
    name: 'NO_PROXY',
    also: 'no_proxy',
    kind: noProxy,
    meaning: 'what is reached without these proxies',
  })
  readonly noProxy?: NoProxy;

  readonly proxyFor: ProxyFor = ({ protocol, hostname, port }) => {
    const plainPort = Number(port) || DEFAULT_PORT[protocol as keyof typeof DEFAULT_PORT];
    if (this.noProxy?.(hostname.replace(/^\[|\]$/g, ''), plainPort)) return undefined;
    return protocol === 'https:' ? (this.httpsProxy ?? this.httpProxy) : this.httpProxy;
  };
}
