import { claimPath, isMap, type RequiredClaim, type TrustedIssuer } from '#libs/auth';
import type { Fault } from './issuer-key-source.js';

type Value = RequiredClaim['values'][number];
type Requirements = Pick<TrustedIssuer, 'requiredClaims' | 'sender'>;

/**
 * What `require` says of an issuer's tokens: claims, each with the value, or the values of which one, it must have; `dpop` or
 * `certificate`, to which they must be bound; or a list of these.
 */
export function readRequirements(written: unknown, fault: Fault): Requirements {
  const parts: unknown[] = Array.isArray(written) ? written : written === undefined ? [] : [written];
  for (const part of parts)
    if (!isMap(part) && part !== 'dpop' && part !== 'certificate')
      fault('require', 'must be dpop, certificate, a mapping of claims to their values, or a list of these');
  return {
    requiredClaims: parts.filter(isMap).flatMap((claims) => readClaims(claims, fault)),
    sender: { dpop: parts.includes('dpop'), certificate: parts.includes('certificate') },
  };
}

function readClaims(claims: Record<string, unknown>, fault: Fault): RequiredClaim[] {
  return Object.entries(claims).map(([name, value]) => {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (values.length === 0 || !values.every(isValue))
      fault(`require.${name}`, 'must be a text, a number or a boolean, or a list of these');
    return { path: claimPath(name), values: values as Value[] };
  });
}

function isValue(value: unknown): value is Value {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
