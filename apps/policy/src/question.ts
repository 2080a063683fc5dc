import type { Permission } from '#libs/contract';
import type { Grant, Requirement, Role } from '#libs/policy';

/** A request, as something to ask of a grant; and why a role alone would refuse it. */
export interface Question {
  readonly requirement: Requirement;
  /** How the gateway would refuse it; undefined where it would not. */
  refusal(grant: Grant): string | undefined;
  /** What a role lacks, in words; nothing for one that covers the request by itself. */
  lacks(role: Role): readonly string[];
  /** What a grant that allows it sets as a limit. */
  terms?(grant: Grant): readonly string[];
}

export function permissionRefusal(grant: Grant, permission: Permission): string | undefined {
  return grant.meets(permission) ? undefined : '403 permission-not-granted';
}

export function lacksPermission(role: Role, permission: Permission): string[] {
  return role.permissions.has(permission) ? [] : [`does not have the permission ${permission}`];
}
