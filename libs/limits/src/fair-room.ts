/** Who takes a place: one member of a tenant, such as a user of a tenant. */
export interface Member {
  readonly tenant: string;
  readonly name: string;
}

export interface Occupant {
  /** The place went to a tenant, or a member, that holds fewer. It is left already. */
  giveWay(): void;
}

/** The places of one member, in the order in which they were taken. */
class Held<T> {
  readonly occupants: T[] = [];

  constructor(readonly member: Member) {}

  get size(): number {
    return this.occupants.length;
  }
}

class Tenant<T> {
  size = 0;
  readonly members = new Map<string, Held<T>>();
}

/**
 * A bounded number of places, shared fairly (max-min) between tenants, and between the members of each. While there is room anybody may
 * take any number. When all are taken, the tenant that holds the most gives up its newest place for a newcomer of a tenant that holds
 * fewer; within a tenant, the member that holds the most. So nobody is refused or gives way while another tenant, or another member of
 * the same tenant, holds more.
 */
export class FairRoom<T extends Occupant> {
  private readonly tenants = new Map<string, Tenant<T>>();
  private taken = 0;

  constructor(private readonly places: number) {}

  get size(): number {
    return this.taken;
  }

  /** How many places this member holds. */
  sizeOf({ tenant, name }: Member): number {
    return this.tenants.get(tenant)?.members.get(name)?.size ?? 0;
  }

  /** Takes a place. False, and nothing has changed, when all are taken and nobody holds more than this newcomer. */
  enter(member: Member, occupant: T): boolean {
    const largest = this.taken < this.places ? undefined : this.largestOver(member);
    const leaving = largest?.occupants.at(-1);
    if (!leaving && this.taken >= this.places) return false;
    if (largest && leaving) this.leave(largest.member, leaving);
    this.add(member, occupant);
    leaving?.giveWay();
    return true;
  }

  /** Gives a place back; one that was given up already changes nothing. */
  leave(member: Member, occupant: T): void {
    const tenant = this.tenants.get(member.tenant);
    const held = tenant?.members.get(member.name);
    const index = held?.occupants.indexOf(occupant) ?? -1;
    if (!tenant || !held || index < 0) return;
    held.occupants.splice(index, 1);
    tenant.size -= 1;
    this.taken -= 1;
    if (held.size === 0) tenant.members.delete(member.name);
    if (tenant.size === 0) this.tenants.delete(member.tenant);
  }

  /**
   * Who is next: of the tenant of the lowest rank its member of the lowest rank, and of that member's places the oldest. Those of the
   * same rank come in turn.
   */
  next(rankOf: (tenant: string, member?: string) => number): T | undefined {
    const first = lowest(this.tenants, (tenant) => rankOf(tenant));
    const held = first && lowest(first.value.members, (member) => rankOf(first.name, member));
    return held?.value.occupants[0];
  }

  private add(member: Member, occupant: T): void {
    const tenant = this.tenants.get(member.tenant) ?? new Tenant<T>();
    const held = tenant.members.get(member.name) ?? new Held<T>(member);
    held.occupants.push(occupant);
    tenant.size += 1;
    this.taken += 1;
    tenant.members.set(member.name, held);
    this.tenants.set(member.tenant, tenant);
  }

  /** Of whom this newcomer may have a place: somebody of the largest tenant, or in its own somebody who holds more. */
  private largestOver(newcomer: Member): Held<T> | undefined {
    const own = this.tenants.get(newcomer.tenant);
    const tenant = largest(this.tenants);
    if (tenant && tenant.size > (own?.size ?? 0)) return largest(tenant.members);
    const member = own && largest(own.members);
    return member && member.size > this.sizeOf(newcomer) ? member : undefined;
  }
}

/** The largest; of several that are, the last: who came last, or had a turn last. */
function largest<V extends { readonly size: number }>(all: ReadonlyMap<string, V>): V | undefined {
  let most: V | undefined;
  for (const each of all.values()) if (!most || each.size >= most.size) most = each;
  return most;
}

/** The first of the lowest rank. It goes to the end: the others of its rank come before it the next time. */
function lowest<V>(
  all: Map<string, V>,
  rankOf: (name: string) => number,
): { name: string; value: V } | undefined {
  let least: { name: string; value: V; rank: number } | undefined;
  for (const [name, value] of all) {
    const rank = rankOf(name);
    if (!least || rank < least.rank) least = { name, value, rank };
  }
  if (!least) return undefined;
  all.delete(least.name);
  all.set(least.name, least.value);
  return least;
}
