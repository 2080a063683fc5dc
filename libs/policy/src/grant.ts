import { PERMISSIONS, type Identity, type JobScope, type Permission, type PrinterId } from '#libs/contract';
import {
  coversJob,
  NO_MORE,
  reachesScope,
  scopeNeededFor,
  UNKNOWN_JOB,
  type JobDemand,
  type JobInQuestion,
} from './job-coverage.js';
import { rolesCovering, type PrintInQuestion } from './print-coverage.js';
import type { Requirement } from './requires.decorator.js';
import { hasPrinter, type Role } from './role.js';

/** For who has no role: enough to find out that nothing is allowed. */
const NOBODYS_REQUESTS = 60;

/** Under what a print is done. */
export interface PrintTerms {
  /** The day's quota; undefined is none. */
  readonly cardsPerDay: number | undefined;
}

/**
 * What a caller may do: the caller's roles. A request is allowed if one of them covers all of it by itself; nothing is ever
 * combined from two (as with the statements of AWS IAM and Cedar). What only tells a caller's chances is the union of all.
 */
export class Grant {
  /** What some role has. Says which operations may succeed, not on what. */
  readonly permissions: ReadonlySet<Permission>;
  private readonly holders: ReadonlyMap<Permission, readonly Role[]>;
  private readonly requestsOf: ReadonlyMap<Requirement, number | undefined>;
  private readonly requests: number | undefined;

  /** A caller without a role of the policy has no permission at all. */
  constructor(readonly roles: readonly Role[]) {
    this.permissions = new Set(roles.flatMap((role) => [...role.permissions]));
    this.holders = new Map(
      PERMISSIONS.map((permission) => [permission, roles.filter((role) => role.permissions.has(permission))]),
    );
    this.requests = roles.length > 0 ? largest(roles.map(requestsPerMinute)) : NOBODYS_REQUESTS;
    this.requestsOf = new Map(
      [...this.permissions].map((permission) => [
        permission,
        largest(this.rolesWith(permission).map(requestsPerMinute)),
      ]),
    );
  }

  /** Whether a route that needs this is open to the caller. */
  meets(requirement: Requirement | undefined): boolean {
    return (
      requirement === 'a known caller' || (requirement !== undefined && this.permissions.has(requirement))
    );
  }

  /** Requests in a minute for what needs this; undefined is no limit. Who may not at all is counted as a known caller. */
  requestsPerMinute(requirement: Requirement | undefined): number | undefined {
    const isHeld = requirement !== undefined && this.requestsOf.has(requirement);
    return isHeld ? this.requestsOf.get(requirement) : this.requests;
  }

  /** Whether one role with what is required has this printer. */
  coversPrinter(requirement: Requirement | undefined, printerId: PrinterId): boolean {
    return this.rolesWith(requirement).some((role) => hasPrinter(role, printerId));
  }

  /** Whether a role with this permission reaches this scope or a wider one, on any printer. */
  reachesJobs(permission: Permission, scope: JobScope): boolean {
    return this.rolesWith(permission).some((role) => reachesScope(role, scope));
  }

  /** Everybody's jobs on this printer; undefined for a printer that is not known. */
  coversJobsOfAll(permission: Permission, printerId: PrinterId | undefined): boolean {
    return this.rolesWith(permission).some(
      (role) => reachesScope(role, 'any') && hasPrinter(role, printerId),
    );
  }

  /**
   * Whether one role has this permission, covers the job, and all else that is demanded of it. Undefined is a job that the
   * registry does not know. Every read of a status passes here: it allocates nothing.
   */
  coversJob(
    permission: Permission,
    caller: Identity,
    job: JobInQuestion = UNKNOWN_JOB,
    demand: JobDemand = NO_MORE,
  ): boolean {
    const needed = scopeNeededFor(caller, job.owner);
    for (const role of this.rolesWith(permission))
      if (coversJob(role, needed, job.printerId, demand)) return true;
    return false;
  }

  /**
   * The terms of a print that is covered: of the roles that cover it, the largest quota. Throws `PermissionNotGranted`,
   * `PrinterNotGranted`, `FeatureNotGranted`, `CopiesNotGranted`, `BlankCard` or `KeyRequired` when no one role covers all of it.
   */
  requirePrint(print: PrintInQuestion): PrintTerms {
    const covering = rolesCovering(this.roles, print);
    return { cardsPerDay: largest(covering.map(({ limits }) => limits.cardsPerDay)) };
  }

  private rolesWith(requirement: Requirement | undefined): readonly Role[] {
    if (requirement === 'a known caller') return this.roles;
    return (requirement && this.holders.get(requirement)) ?? [];
  }
}

function requestsPerMinute({ limits }: Role): number | undefined {
  return limits.requestsPerMinute;
}

/** A role without a limit lifts it: the larger of "ten" and "no limit" is "no limit". */
function largest(limits: readonly (number | undefined)[]): number | undefined {
  return limits.includes(undefined) ? undefined : Math.max(...(limits as number[]));
}
