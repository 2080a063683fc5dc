import fc from 'fast-check';
import { MemberUsage, type Member } from '#libs/limits';
import { uploadsToStop } from './stoppable-uploads.js';

const member = fc.record({
  tenant: fc.constantFrom('a', 'b', 'c'),
  name: fc.constantFrom('x', 'y', 'z'),
});
const bytes = fc.integer({ min: 1, max: 40 });
const body = fc.record({ member, bytes, received: fc.nat(40), isIncoming: fc.boolean() });

describe('the uploads that stop for somebody', () => {
  it('are enough, none too many, and all of those who held more than the newcomer then does', () => {
    fc.assert(
      fc.property(
        fc.array(body, { maxLength: 30 }),
        member,
        bytes,
        fc.nat(100),
        (all, who, wanted, spare) => {
          const held = new MemberUsage();
          for (const { member: holder, bytes: own } of all) held.add(holder, own);
          const limits = {
            bytes: held.total + spare,
            bytesPerTenant: held.of(who.tenant) + Math.floor(spare / 2),
          };
          const incoming = all
            .filter(({ isIncoming }) => isIncoming)
            .map(({ received, ...rest }) => ({ ...rest, upload: uploadOf(received) }));
          const stopped = uploadsToStop(incoming, held, who, wanted, limits);
          if (!stopped) return;
          const fits = () =>
            held.total + wanted <= limits.bytes && held.of(who.tenant) + wanted <= limits.bytesPerTenant;
          const newcomer = (name?: string) => held.of(who.tenant, name) + wanted;
          for (const { member: holder, bytes: own } of stopped) {
            expect(fits()).toBe(false);
            if (isColleague(holder, who))
              expect(held.of(holder.tenant, holder.name)).toBeGreaterThan(newcomer(who.name));
            else expect(held.of(holder.tenant)).toBeGreaterThan(newcomer());
            held.add(holder, -own);
          }
          expect(fits()).toBe(true);
        },
      ),
    );
  });
});

const uploadOf = (received: number) => ({ startedMs: 0, lastMs: 0, bytes: received, stop: () => undefined });
const isColleague = (one: Member, other: Member) => one.tenant === other.tenant;
