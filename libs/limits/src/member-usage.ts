import type { Member } from './fair-room.js';

interface PartyUsage {
  total: number;
  readonly byMember: Map<string, number>;
}

/** How much of something is in use: by all, by each tenant, and by each of its members. */
export class MemberUsage {
  private readonly tenants = new Map<string, PartyUsage>();
  private sum = 0;

  get total(): number {
    return this.sum;
  }

  /** Of the tenant, or of this member of it. */
  of(tenant: string, member?: string): number {
    const usage = this.tenants.get(tenant);
    return (member === undefined ? usage?.total : usage?.byMember.get(member)) ?? 0;
  }

  /** Less than nothing gives back what was added before. */
  add({ tenant, name }: Member, amount: number): void {
    const usage = this.tenants.get(tenant) ?? { total: 0, byMember: new Map<string, number>() };
    const own = (usage.byMember.get(name) ?? 0) + amount;
    if (own > 0) usage.byMember.set(name, own);
    else usage.byMember.delete(name);
    usage.total += amount;
    if (usage.byMember.size > 0) this.tenants.set(tenant, usage);
    else this.tenants.delete(tenant);
    this.sum += amount;
  }
}
