import { BlockList, isIP, isIPv4 } from 'node:net';
import type { SettingKind } from '#libs/config';
import { readNetwork } from './network.js';

/** Whether what is at this host and port is reached without a proxy. The host of an IPv6 address has no brackets. */
export type NoProxy = (host: string, port: number) => boolean;

interface Entry {
  readonly host: string;
  /** 0 is any. */
  readonly port: number;
}

/**
 * `NO_PROXY` as curl and undici read it, and with the networks that Go and Kubernetes know: host names, which stand for what is below them
 * too, each with a port or without; addresses; networks such as 10.0.0.0/8; `*` for everything.
 */
export const noProxy: SettingKind<NoProxy> = {
  expected: 'names, addresses and networks such as .example.com,10.0.0.0/8,localhost:8080, or *',
  parse(text) {
    const words = text.split(/[,\s]+/).filter((word) => word !== '');
    if (words.includes('*')) return () => true;
    const networks = networksIn(words);
    const entries = words.map(entryOf);
    return (host, port) => {
      if (isIP(host) !== 0 && networks.check(host, familyOf(host))) return true;
      const name = host.toLowerCase();
      return entries.some(
        (entry) =>
          (entry.port === 0 || entry.port === port) &&
          (name === entry.host || (isIP(name) === 0 && name.endsWith(`.${entry.host}`))),
      );
    };
  },
};

function networksIn(words: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const word of words) {
    const network = readNetwork(word);
    if (network) networks.addSubnet(network.address, network.bits, familyOf(network.address));
  }
  return networks;
}

function entryOf(word: string): Entry {
  const [, bracketed, plain = word, port = '0'] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(word) ?? [];
  return { host: (bracketed ?? plain).replace(/^\*?\./, '').toLowerCase(), port: Number(port) };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
