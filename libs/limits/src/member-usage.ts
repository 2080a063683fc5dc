import type { Member } from './fair-room.js';

interface PartyUsage {
  total: number;
  readonly byMember: Map<string, number>;
}

/** How much of something is in use: by all, by each party, and by each of its members. */
export class MemberUsage {
  private readonly parties = new Map<string, PartyUsage>();
  private sum = 0;

  get total(): number {
    return this.sum;
  }

  /** Of the party, or of this member of it. */
  of(party: string, member?: string): number {
    const usage = this.parties.get(party);
    return (member === undefined ? usage?.total : usage?.byMember.get(member)) ?? 0;
  }

  /** Less than nothing gives back what was added before. */
  add({ party, name }: Member, amount: number): void {
    const usage = this.parties.get(party) ?? { total: 0, byMember: new Map<string, number>() };
    const own = (usage.byMember.get(name) ?? 0) + amount;
    if (own > 0) usage.byMember.set(name, own);
    else usage.byMember.delete(name);
    usage.total += amount;
    if (usage.byMember.size > 0) this.parties.set(party, usage);
    else this.parties.delete(party);
    this.sum += amount;
  }
}
