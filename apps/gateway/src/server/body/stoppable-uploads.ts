import { MemberUsage, type Member } from '#libs/limits';
import type { Upload } from './slow-uploads.js';

/** A body that is still coming in, and what it holds of the budget. */
export interface IncomingBody {
  readonly member: Member;
  readonly bytes: number;
  readonly upload: Upload;
}

export interface SharedBytes {
  readonly bytes: number;
  readonly bytesPerTenant: number;
}

interface UsersBodies<Body> {
  readonly member: Member;
  /** The slowest is the last. */
  readonly bodies: Body[];
}

/**
 * Chooses which uploads stop so that `member` may hold so many bytes more. One by one it is the slowest upload of the user who holds
 * the most, of the tenant that holds the most; of those who hold as much, whose is the slowest.
 *
 * A tenant gives way only to one that then holds less than it did, and a user of the same tenant only to such a user. So two never stop
 * each other's uploads in turn. Returns undefined, and none should stop, when that would not be enough.
 */
export function uploadsToStop<Body extends IncomingBody>(
  incoming: Iterable<Body>,
  held: MemberUsage,
  member: Member,
  bytes: number,
  limits: SharedBytes,
): Body[] | undefined {
  const nowMs = performance.now();
  const users = byUser(incoming, nowMs);
  const freed = new MemberUsage();
  const bytesOf = (tenant: string, name?: string) => held.of(tenant, name) - freed.of(tenant, name);
  const exceedsTenant = () => bytesOf(member.tenant) + bytes > limits.bytesPerTenant;
  const exceedsAll = () => held.total - freed.total + bytes > limits.bytes;
  const mayStop = ({ tenant, name }: Member) =>
    tenant === member.tenant
      ? bytesOf(tenant, name) > bytesOf(tenant, member.name) + bytes
      : !exceedsTenant() && bytesOf(tenant) > bytesOf(member.tenant) + bytes;
  const comesFirst = (one: UsersBodies<Body>, other: UsersBodies<Body>) => {
    const more = compareBytes(one.member, other.member);
    return more > 0 || (more === 0 && slowestOf(one) > slowestOf(other));
  };
  const compareBytes = (one: Member, other: Member) =>
    bytesOf(one.tenant) - bytesOf(other.tenant) ||
    bytesOf(one.tenant, one.name) - bytesOf(other.tenant, other.name);
  const slowestOf = ({ bodies }: UsersBodies<Body>) => durationMs(bodies.at(-1), nowMs);

  const stopped: Body[] = [];
  while (exceedsTenant() || exceedsAll()) {
    let largest: UsersBodies<Body> | undefined;
    for (const user of users) {
      if (user.bodies.length === 0 || !mayStop(user.member)) continue;
      if (!largest || comesFirst(user, largest)) largest = user;
    }
    const slowest = largest?.bodies.pop();
    if (!slowest) return undefined;
    freed.add(slowest.member, slowest.bytes);
    stopped.push(slowest);
  }
  return stopped;
}

function byUser<Body extends IncomingBody>(incoming: Iterable<Body>, nowMs: number): UsersBodies<Body>[] {
  const users = new Map<string, UsersBodies<Body>>();
  for (const body of incoming) {
    const { member } = body;
    const key = JSON.stringify([member.tenant, member.name]);
    const user = users.get(key) ?? { member, bodies: [] };
    user.bodies.push(body);
    users.set(key, user);
  }
  const all = [...users.values()];
  for (const { bodies } of all) bodies.sort((a, b) => durationMs(a, nowMs) - durationMs(b, nowMs));
  return all;
}

/** How long all of it takes at its pace so far: of two that are as fast, the longer one is the slower. */
function durationMs(body: IncomingBody | undefined, nowMs: number): number {
  if (!body) return 0;
  const { bytes, upload } = body;
  return (bytes * (nowMs - upload.startedMs)) / Math.max(1, upload.bytes);
}
