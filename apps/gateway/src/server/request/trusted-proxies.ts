import { BlockList, isIP, isIPv4 } from 'node:net';
import { readNetwork } from '#libs/network';

const V4_IN_V6 = /^::ffff:(?=\d+\.)/i;
/** RFC 7239 §6: an address of IPv6 stands in brackets where a port may follow. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

/** Whether what comes from this address tells the truth about whom it comes from. */
export type Trust = (address: string) => boolean;

/** By `TRUST_PROXY`: nobody, everybody, or these addresses and networks. Throws where one is neither. */
export function trustIn(setting: boolean | string): Trust {
  if (typeof setting === 'boolean') return () => setting;
  const trusted = new BlockList();
  for (const each of setting.split(',')) {
    const network = readNetwork(each);
    if (!network) throw new Error(`${each} is no network`);
    trusted.addSubnet(network.address, network.bits, familyOf(network.address));
  }
  return (address) => trusted.check(address, familyOf(address));
}

/**
 * The address that a request comes from: of its connection, or what the trusted proxies say of it, from the nearest on (`X-Forwarded-For`), as
 * far as that are addresses. Some of them write the port of the connection behind it.
 */
export function forwardedAddress(connected: string, forwardedFor: string | undefined, trust: Trust): string {
  let address = plain(connected);
  const names = forwardedFor?.split(',') ?? [];
  for (let name = names.pop(); name !== undefined && trust(address); name = names.pop()) {
    const next = plain(withoutPort(name.trim()));
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}

function withoutPort(name: string): string {
  const [, v6, v4] = WITH_PORT.exec(name) ?? [];
  return v6 ?? v4 ?? name;
}

function plain(address: string): string {
  return address.replace(V4_IN_V6, '');
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
