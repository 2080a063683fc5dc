import type { Feature, Identity, JobScope, PrinterId } from '#libs/contract';
import { hasFeatures, hasPrinter, type Role } from './role.js';

/** Of a job, what decides who may see and change it; both are undefined for a job that the registry does not know. */
export interface JobInQuestion {
  readonly owner: Identity | undefined;
  readonly printerId: PrinterId | undefined;
}

export const UNKNOWN_JOB: JobInQuestion = { owner: undefined, printerId: undefined };

/** What a role must have to cover a job beyond its permission and the job itself. */
export interface JobDemand {
  /** The scope that a list is asked for. */
  readonly atLeast?: JobScope;
  /** What an update contains. */
  readonly features?: readonly Feature[];
}

export const NO_MORE: JobDemand = {};

const NO_FEATURES: readonly Feature[] = [];

/** The narrowest scope that takes in a job of this owner for this caller (OWASP API1:2023). */
export function scopeNeededFor(caller: Identity, owner: Identity | undefined): JobScope {
  if (owner?.issuer !== caller.issuer || owner.tenant !== caller.tenant) return 'any';
  if (owner.subject === caller.subject) return 'own';
  // Two callers without a tenant are not of one tenant.
  return caller.tenant === undefined ? 'any' : 'tenant';
}

/** Whether a role's scope takes in what this scope does: who sees everybody's jobs sees a tenant's too. */
export function reachesScope({ jobs }: Role, scope: JobScope): boolean {
  return scope === 'own' || jobs === 'any' || jobs === scope;
}

/** Own jobs wherever they were printed; those of others on the role's own printers. `needed` is from `scopeNeededFor`. */
export function coversJob(
  role: Role,
  needed: JobScope,
  printerId: PrinterId | undefined,
  { atLeast = 'own', features = NO_FEATURES }: JobDemand,
): boolean {
  return (
    reachesScope(role, atLeast) &&
    (needed === 'own' || (reachesScope(role, needed) && hasPrinter(role, printerId))) &&
    hasFeatures(role, features)
  );
}
