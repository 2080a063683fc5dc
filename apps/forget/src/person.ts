import type { Identity } from '#libs/contract';

/** The person who is looked for; without a tenant, in every tenant. */
export class Person {
  private readonly tenants: Set<string | undefined>;

  constructor(private readonly sought: Identity) {
    this.tenants = new Set([sought.tenant]);
  }

  /** Whether this is the person. */
  is({ issuer, subject, tenant }: Identity): boolean {
    const isTenant = this.sought.tenant === undefined || this.sought.tenant === tenant;
    if (!isTenant || this.sought.issuer !== issuer || this.sought.subject !== subject) return false;
    this.tenants.add(tenant);
    return true;
  }

  /** As whom the person was met so far: where no tenant is named, in each tenant that there was, and without one. */
  get identities(): Identity[] {
    return [...this.tenants].map((tenant) => ({ ...this.sought, tenant }));
  }
}
