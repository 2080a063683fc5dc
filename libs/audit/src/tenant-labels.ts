/** Tenants come from tokens: an issuer that names a new one each time must not fill the memory of whoever keeps the numbers. */
const MAX_TENANTS = 100;
const OTHERS = 'others';

/** The tenants that numbers are kept for by name: the first hundred that there were. */
export class TenantLabels {
  private readonly named = new Set<string>();

  /** What stands for this tenant; empty for callers that have none. */
  of(tenant = ''): string {
    if (this.named.size < MAX_TENANTS) this.named.add(tenant);
    return this.named.has(tenant) ? tenant : OTHERS;
  }
}
