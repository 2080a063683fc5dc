import { identityKey, type Identity } from '#libs/contract';

/** What begins the keys of a caller's quotas of cards, one for each day. */
export function quotaKeysOf(holder: Identity): string {
  return `quota:{${identityKey(holder)}}:`;
}

/** What begins the keys of a caller's counts of requests, one for each minute. */
export function rateKeysOf(name: string): string {
  return `rate:{${name}}:`;
}

/** The keys of all that is counted of a caller, as patterns of Redis. */
export function counterPatternsOf(holder: Identity): string[] {
  return [`${quotaKeysOf(holder)}*`, `${rateKeysOf(identityKey(holder))}*`];
}
