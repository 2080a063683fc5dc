import { lookup } from 'node:dns/promises';
import { about, type Finding } from '../finding.js';
import { networkAdvice } from '../network-advice.js';

const say = about('dns');

/** Resolves the host of an address as a connection to it does. */
export async function checkDns(address: string): Promise<Finding[]> {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  try {
    const found = await lookup(host, { all: true });
    return [say.ok(`${host} is ${found.map((each) => each.address).join(', ')}`)];
  } catch (error) {
    const { code, advice } = networkAdvice(error);
    return [say.failure(`${host} is not found (${code})`, advice)];
  }
}
