import { parse } from 'yaml';

/** Who calls, or whose job it is. Everybody here comes from one issuer. */
export interface Person {
  readonly subject: string;
  readonly tenant: string;
}

/** A job as the upstream has it. Nobody owns what was not printed through the gateway. */
export interface ModelJob {
  readonly owner: Person | undefined;
  readonly printerId: string;
}

export interface ModelRole {
  readonly permissions: readonly string[];
  readonly jobs: 'own' | 'tenant' | 'any';
  readonly printers: readonly string[];
  readonly features: readonly string[];
}

/**
 * What a caller may do, said a second time and in another way than the gateway does: the sentences of docs/policy.md, each
 * about one role. Roles never combine: whatever is allowed, one role allows by itself.
 */
export class AuthorisationModel {
  private readonly roles: ReadonlyMap<string, ModelRole>;

  constructor(policyYaml: string) {
    const { roles } = parse(policyYaml) as { roles: Record<string, Partial<ModelRole>> };
    this.roles = new Map(Object.entries(roles).map(([name, role]) => [name, withDefaults(role)]));
  }

  /** No role, each role alone, and each pair of them. */
  get roleSets(): readonly (readonly string[])[] {
    const names = [...this.roles.keys()];
    const pairs = names.flatMap((a, index) => names.slice(index + 1).map((b) => [a, b]));
    return [[], ...names.map((name) => [name]), ...pairs];
  }

  permits(roles: readonly string[], permission: string): boolean {
    return this.having(roles, permission).length > 0;
  }

  /** Whether something may be done with this printer, with these parts of a card. */
  permitsPrinter(
    roles: readonly string[],
    permission: string,
    printerId: string,
    features: string[] = [],
  ): boolean {
    return this.having(roles, permission).some(
      (role) => covers(role, printerId) && features.every((feature) => role.features.includes(feature)),
    );
  }

  /** Whether this job is there for the caller, to do what the permission names. */
  permitsJob(roles: readonly string[], permission: string, caller: Person, job: ModelJob): boolean {
    return this.having(roles, permission).some((role) => sees(role, caller, job));
  }

  /** Whether a list of this scope may be asked for. */
  permitsScope(roles: readonly string[], permission: string, scope: ModelRole['jobs']): boolean {
    const width = ['own', 'tenant', 'any'];
    return this.having(roles, permission).some((role) => width.indexOf(role.jobs) >= width.indexOf(scope));
  }

  private having(roles: readonly string[], permission: string): ModelRole[] {
    return [...this.roles]
      .filter(([name, role]) => roles.includes(name) && role.permissions.includes(permission))
      .map(([, role]) => role);
  }
}

const withDefaults = (role: Partial<ModelRole>): ModelRole => ({
  permissions: role.permissions ?? [],
  jobs: role.jobs ?? 'own',
  printers: [role.printers ?? []].flat(),
  features: role.features ?? ['print'],
});

const covers = (role: ModelRole, printerId: string) =>
  role.printers.includes('*') || role.printers.includes(printerId);

function sees(role: ModelRole, caller: Person, { owner, printerId }: ModelJob): boolean {
  if (owner?.subject === caller.subject && owner.tenant === caller.tenant) return true;
  if (!owner) return role.jobs === 'any' && role.printers.includes('*');
  if (role.jobs === 'own' || !covers(role, printerId)) return false;
  return role.jobs === 'any' || owner.tenant === caller.tenant;
}
