import { isIP, isIPv4 } from 'node:net';

export interface Network {
  readonly address: string;
  /** How many bits of an address are the network's; all of them for one address alone. */
  readonly bits: number;
}

/** An address, alone or with the length of its prefix or (IPv4) a mask such as 255.255.0.0. Undefined for anything else. */
export function readNetwork(text: string): Network | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const all = { 4: 32, 6: 128 }[isIP(address)];
  if (all === undefined || more.length > 0) return undefined;
  const bits = prefix === undefined ? all : bitsOf(prefix, address);
  return bits !== undefined && bits <= all ? { address, bits } : undefined;
}

function bitsOf(prefix: string, address: string): number | undefined {
  if (/^\d{1,3}$/.test(prefix)) return Number(prefix);
  if (!isIPv4(prefix) || !isIPv4(address)) return undefined;
  const digits = prefix.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return /^(1*)0*$/.exec(digits.join(''))?.[1]?.length;
}
