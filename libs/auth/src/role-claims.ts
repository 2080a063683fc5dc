import { isMap, valueAt, type Claims } from './claim-path.js';
import { isSplit, type ClaimRule } from './claim-rule.js';
import type { TrustedIssuer } from './trusted-issuer.js';

const MAX_ROLES = 500;

/** A role, and what of the token gave it. */
export interface NamedRole {
  /** As the policy calls it. */
  readonly role: string;
  /** As the issuer calls it. */
  readonly name: string;
  /** The claim, as the policy writes it. */
  readonly claim: string;
}

/** The roles that the claims name, in the order of the policy's claims; a role may be named by several. */
export function namedRoles(
  claims: Claims,
  { claims: { roles }, roleMapping }: Pick<TrustedIssuer, 'claims' | 'roleMapping'>,
): NamedRole[] {
  const named = roles.flatMap((rule) =>
    namesIn(valueAt(claims, rule.path), rule).map((name) => ({
      role: roleMapping.get(name) ?? name,
      name,
      claim: rule.path.name,
    })),
  );
  return named.slice(0, MAX_ROLES);
}

/** The names that a value holds; what is none is passed over: it grants nothing. */
function namesIn(value: unknown, rule: ClaimRule): string[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => namesOfOne(each, rule.as));
  if (typeof value === 'string' && isSplit(rule)) return value.split(' ').filter((name) => name !== '');
  return namesOfOne(value, rule.as);
}

function namesOfOne(value: unknown, as: ClaimRule['as']): string[] {
  if (isMap(value)) {
    if (as === 'keys') return Object.keys(value).filter((name) => name !== '');
    return typeof as === 'object' ? namesOfOne(valueAt(value, as.member), undefined) : [];
  }
  return typeof value === 'string' && value !== '' && typeof as !== 'object' && as !== 'keys' ? [value] : [];
}
