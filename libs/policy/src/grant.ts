import { JOB_SCOPES, type Feature, type JobScope, type Permission, type PrinterId } from '#libs/contract';
import type { Requirement } from './requires.decorator.js';

export interface Limits {
  /** Copies of a card that one print request may ask for. */
  readonly copies: number;
  /** Cards a caller may print in a day; undefined is no quota. */
  readonly cardsPerDay: number | undefined;
  /** Undefined is no rate limit. */
  readonly requestsPerMinute: number | undefined;
}

/** For who has no role: enough to find out that nothing is allowed. */
const NOBODYS_REQUESTS = 60;

/** What one role of the policy file allows. */
export interface Role {
  readonly permissions: ReadonlySet<Permission>;
  readonly jobs: JobScope;
  readonly printers: '*' | ReadonlySet<PrinterId>;
  readonly features: ReadonlySet<Feature>;
  readonly limits: Limits;
  /** Whether a print must carry an Idempotency-Key. */
  readonly requiresIdempotencyKey: boolean;
}

/** What a caller may do: the union of the caller's roles, with the larger of each limit; a demand of one role holds. */
export class Grant implements Role {
  readonly permissions: ReadonlySet<Permission>;
  readonly jobs: JobScope;
  readonly printers: '*' | ReadonlySet<PrinterId>;
  readonly features: ReadonlySet<Feature>;
  readonly limits: Limits;
  readonly requiresIdempotencyKey: boolean;

  /** A caller without a role of the policy has no permission at all. */
  constructor(roles: readonly Role[]) {
    this.permissions = union(roles.map((role) => role.permissions));
    this.features = union(roles.map((role) => role.features));
    this.jobs = widest(roles.map((role) => role.jobs));
    this.printers = unionOfPrinters(roles.map((role) => role.printers));
    this.requiresIdempotencyKey = roles.some((role) => role.requiresIdempotencyKey);
    this.limits = {
      copies: Math.max(0, ...roles.map((role) => role.limits.copies)),
      cardsPerDay: largest(roles.map((role) => role.limits.cardsPerDay)),
      requestsPerMinute:
        roles.length > 0 ? largest(roles.map((role) => role.limits.requestsPerMinute)) : NOBODYS_REQUESTS,
    };
  }

  allows(permission: Permission): boolean {
    return this.permissions.has(permission);
  }

  /** Whether a route that needs this is open to the caller. */
  meets(requirement: Requirement | undefined): boolean {
    return requirement === 'a known caller' || (requirement !== undefined && this.allows(requirement));
  }

  /** Whether jobs of this scope may be seen: who sees everybody's sees a tenant's too. */
  allowsJobs(scope: JobScope): boolean {
    return JOB_SCOPES.indexOf(this.jobs) >= JOB_SCOPES.indexOf(scope);
  }

  allowsPrinter(printer: PrinterId): boolean {
    return this.printers === '*' || this.printers.has(printer);
  }

  allowsFeature(feature: Feature): boolean {
    return this.features.has(feature);
  }
}

function union<T>(sets: readonly ReadonlySet<T>[]): ReadonlySet<T> {
  return new Set(sets.flatMap((set) => [...set]));
}

function unionOfPrinters(granted: readonly Role['printers'][]): Role['printers'] {
  const sets = granted.filter((printers) => printers !== '*');
  return sets.length < granted.length ? '*' : union(sets);
}

function widest(scopes: readonly JobScope[]): JobScope {
  return scopes.reduce((a, b) => (JOB_SCOPES.indexOf(b) > JOB_SCOPES.indexOf(a) ? b : a), 'own');
}

/** A role without a limit lifts it: the larger of "ten" and "no limit" is "no limit". */
function largest(limits: readonly (number | undefined)[]): number | undefined {
  return limits.includes(undefined) ? undefined : Math.max(0, ...(limits as number[]));
}
