import { Logger } from '@nestjs/common';
import { RepeatedLines } from '#libs/telemetry';
import { isMap, valueAt, type Claims } from './claim-path.js';
import type { ClaimRule } from './claim-rule.js';
import type { Principal } from './principal.js';

/**
 * A claim of roles that the token does not carry although its subject has it, because the issuer keeps it elsewhere (OpenID Connect
 * Core §5.6.2). Entra ID does so with many groups, and says `hasgroups` in tokens that would have come through an address.
 */
export function distributedRoleClaim(claims: Claims, rules: readonly ClaimRule[]): string | undefined {
  const elsewhere = isMap(claims._claim_names) ? claims._claim_names : {};
  const isElsewhere = (name: string) =>
    Object.hasOwn(elsewhere, name) || (name === 'groups' && claims.hasgroups === true);
  const rule = rules.find(
    ({ path }) => isElsewhere(path.whole ?? path.steps[0] ?? '') && valueAt(claims, path) === undefined,
  );
  return rule?.path.name;
}

/** What to do about roles that the token does not carry; undefined where it carries all. */
export function distributedRolesAdvice({ distributedRoles }: Principal): string | undefined {
  return (
    distributedRoles &&
    `The token carries no ${distributedRoles}: they are too many, so its issuer keeps them elsewhere (groups overage). ` +
      'In Entra ID, let tokens carry only the groups that are assigned to the application, or use app roles.'
  );
}

/** Says of each issuer whose tokens leave out roles what to do about it: once a minute. */
export class DistributedRolesLog {
  private readonly log = new Logger('AccessTokens');
  private readonly lines = new RepeatedLines(() => performance.now());

  note(principal: Principal): void {
    const advice = distributedRolesAdvice(principal);
    if (advice === undefined || !this.lines.isDue(principal.issuer)) return;
    this.log.warn({ issuer: principal.issuer, claim: principal.distributedRoles }, advice);
  }
}
