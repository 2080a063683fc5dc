import { digestOf, type Identity } from '#libs/contract';

/** What begins the keys of a caller's quotas of cards, one for each day. */
export function quotaKeysOf(holder: Identity): string {
  return `quota:{${holderName(holder)}}:`;
}

/** What begins the keys of a caller's counts of requests, one for each minute. */
export function rateKeysOf(name: string): string {
  return `rate:{${name}}:`;
}

/** A name that no two callers share. */
export function holderName({ issuer, tenant, subject }: Identity): string {
  return digestOf(issuer, tenant, subject);
}

/** The keys of all that is counted of a caller, as patterns of Redis. */
export function counterPatternsOf(holder: Identity): string[] {
  return [`${quotaKeysOf(holder)}*`, `${rateKeysOf(holderName(holder))}*`];
}
