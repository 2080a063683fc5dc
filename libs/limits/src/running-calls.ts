import type { Member } from './fair-room.js';

interface PartysCalls {
  count: number;
  readonly byMember: Map<string, number>;
}

/** How many calls are under way, by party and by member. */
export class RunningCalls {
  private readonly parties = new Map<string, PartysCalls>();
  private total = 0;

  get count(): number {
    return this.total;
  }

  countOf(party: string, member?: string): number {
    const calls = this.parties.get(party);
    return (member === undefined ? calls?.count : calls?.byMember.get(member)) ?? 0;
  }

  begin({ party, name }: Member): void {
    const calls = this.parties.get(party) ?? { count: 0, byMember: new Map<string, number>() };
    calls.count += 1;
    calls.byMember.set(name, (calls.byMember.get(name) ?? 0) + 1);
    this.parties.set(party, calls);
    this.total += 1;
  }

  /** Ends a call that began. */
  end({ party, name }: Member): void {
    const calls = this.parties.get(party);
    if (!calls) return;
    const left = this.countOf(party, name) - 1;
    if (left > 0) calls.byMember.set(name, left);
    else calls.byMember.delete(name);
    calls.count -= 1;
    if (calls.count === 0) this.parties.delete(party);
    this.total -= 1;
  }
}
