import type { Feature, JobScope, Permission, PrinterId } from '#libs/contract';

export interface Limits {
  /** Copies of a card that one print request may ask for. */
  readonly copies: number;
  /** Cards a caller may print in a day; undefined is no quota. */
  readonly cardsPerDay: number | undefined;
  /** Undefined is no rate limit. */
  readonly requestsPerMinute: number | undefined;
}

/** What one role of the policy file allows. It is a statement of its own: nothing of it is ever joined to another role's. */
export interface Role {
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly jobs: JobScope;
  readonly printers: '*' | ReadonlySet<PrinterId>;
  readonly features: ReadonlySet<Feature>;
  readonly limits: Limits;
  /** Whether a print must carry an Idempotency-Key. */
  readonly requiresIdempotencyKey: boolean;
  /** Whether a print may ask for nothing. */
  readonly allowBlank: boolean;
}

/** Whether a role has this printer; undefined, for one that is not known, is among all printers only. */
export function hasPrinter({ printers }: Role, printerId: PrinterId | undefined): boolean {
  return printers === '*' || (printerId !== undefined && printers.has(printerId));
}

export function hasFeatures(role: Role, features: readonly Feature[]): boolean {
  return features.length === 0 || missingFeatures(role, features).length === 0;
}

export function missingFeatures(role: Role, features: readonly Feature[]): Feature[] {
  return features.filter((feature) => !role.features.has(feature));
}
