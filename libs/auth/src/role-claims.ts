import { isMap, kindOf, valueAt, type Claims } from './claim-path.js';
import { isSplit, type ClaimRule } from './claim-rule.js';
import type { TrustedIssuer } from './trusted-issuer.js';

const MAX_ROLES = 500;

/** What one claim of a token says of roles. */
export interface RoleClaim {
  /** As the policy writes it. */
  readonly claim: string;
  /** What stands there, without its value. */
  readonly found: string;
  /** Roles as the issuer calls them, and as the policy does. */
  readonly named: readonly { readonly name: string; readonly role: string }[];
}

type Rules = Pick<TrustedIssuer, 'claims' | 'roleMapping'>;

/** The roles that the claims name, each once, in the order of the policy's claims. */
export function rolesIn(claims: Claims, rules: Rules): string[] {
  const named = roleClaims(claims, rules).flatMap((each) => each.named);
  return [...new Set(named.slice(0, MAX_ROLES).map(({ role }) => role))];
}

/** Which claim gave which role. */
export function roleClaims(claims: Claims, { claims: { roles }, roleMapping }: Rules): RoleClaim[] {
  return roles.map((rule) => {
    const value = valueAt(claims, rule.path);
    const named = namesIn(value, rule).map((name) => ({ name, role: roleMapping.get(name) ?? name }));
    return { claim: rule.path.name, found: kindOf(value), named };
  });
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
