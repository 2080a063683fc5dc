import { claimPath, isMap, type RequiredClaim } from '#libs/auth';
import type { Fault } from './issuer-key-source.js';

type Value = RequiredClaim['values'][number];

/** The claims that `require` names, each with the value, or the values of which one, it must have. */
export function readRequirements(written: unknown, fault: Fault): RequiredClaim[] {
  if (written === undefined) return [];
  if (!isMap(written)) {
    fault('require', 'must be a mapping of claims to the value that each must have, or to a list of values');
    return [];
  }
  return Object.entries(written).map(([name, value]) => {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (values.length === 0 || !values.every(isValue))
      fault(`require.${name}`, 'must be a text, a number or a boolean, or a list of these');
    return { path: claimPath(name), values: values as Value[] };
  });
}

function isValue(value: unknown): value is Value {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
