import fc from 'fast-check';
import { FairRoom, type Member } from './fair-room.js';

class Seat {
  isLost = false;

  constructor(readonly member: Member) {}

  giveWay(): void {
    this.isLost = true;
  }
}

const member = (tenant: string, name = 'x'): Member => ({ tenant, name });

describe('FairRoom', () => {
  const fill = (room: FairRoom<Seat>, tenant: string, count: number, name?: string) =>
    Array.from({ length: count }, () => {
      const seat = new Seat(member(tenant, name));
      room.enter(seat.member, seat);
      return seat;
    });

  it('gives one tenant all places while nobody else wants one', () => {
    const room = new FairRoom<Seat>(3);
    expect(fill(room, 'a', 4).map(({ isLost }) => isLost)).toEqual([false, false, false, false]);
    expect([room.size, room.sizeOf(member('a'))]).toEqual([3, 3]);
  });

  it('takes the newest place of the largest tenant for a newcomer of a smaller one', () => {
    const room = new FairRoom<Seat>(4);
    const [many, few] = [fill(room, 'a', 3), fill(room, 'b', 1)];
    expect(room.enter(member('c'), new Seat(member('c')))).toBe(true);
    expect([...many, ...few].map(({ isLost }) => isLost)).toEqual([false, false, true, false]);
  });

  it('refuses a newcomer of the largest tenant', () => {
    const room = new FairRoom<Seat>(3);
    fill(room, 'a', 2);
    fill(room, 'b', 1);
    expect(room.enter(member('a'), new Seat(member('a')))).toBe(false);
  });

  it('is fair between the members of a tenant too', () => {
    const room = new FairRoom<Seat>(3);
    const flood = fill(room, 'a', 3, 'flooding');
    expect(room.enter(member('a', 'quiet'), new Seat(member('a', 'quiet')))).toBe(true);
    expect(flood.map(({ isLost }) => isLost)).toEqual([false, false, true]);
    expect(room.enter(member('a', 'flooding'), new Seat(member('a', 'flooding')))).toBe(false);
  });

  it('names who is next by rank, and those of the same rank in turn', () => {
    const room = new FairRoom<Seat>(9);
    fill(room, 'a', 3);
    fill(room, 'b', 1);
    fill(room, 'c', 1);
    const ranks: Record<string, number> = { a: 1, b: 2, c: 1 };
    const order = Array.from({ length: 3 }, () => {
      const seat = room.next((tenant, name) => (name === undefined ? (ranks[tenant] ?? 0) : 0));
      if (seat) room.leave(seat.member, seat);
      return seat?.member.tenant;
    });
    expect(order).toEqual(['a', 'c', 'a']);
  });

  it('never holds more than its places, and refuses nobody while another holds more', () => {
    const names = fc.record({
      tenant: fc.constantFrom('a', 'b', 'c', 'd'),
      name: fc.constantFrom('x', 'y', 'z'),
    });
    const steps = fc.array(fc.oneof(names, names, fc.nat(20)), { maxLength: 200 });
    fc.assert(
      fc.property(fc.nat(8), steps, (places, all) => {
        const room = new FairRoom<Seat>(places);
        let seats: Seat[] = [];
        const held = (tenant: string, name?: string) =>
          seats.filter(
            (seat) => seat.member.tenant === tenant && (name ?? seat.member.name) === seat.member.name,
          ).length;
        for (const step of all) {
          if (typeof step === 'number') {
            const [leaving] = seats.splice(step, 1);
            if (leaving) room.leave(leaving.member, leaving);
            continue;
          }
          const newcomer = new Seat(step);
          const isIn = room.enter(step, newcomer);
          const [lost] = isIn ? seats.filter(({ isLost }) => isLost) : [newcomer];
          if (lost) {
            const { tenant, name } = lost.member;
            for (const other of seats) {
              expect(held(other.member.tenant)).toBeLessThanOrEqual(held(tenant));
              if (other.member.tenant === tenant)
                expect(held(tenant, other.member.name)).toBeLessThanOrEqual(held(tenant, name));
            }
          }
          seats = [...seats, ...(isIn ? [newcomer] : [])].filter(({ isLost }) => !isLost);
          expect(room.size).toBe(seats.length);
          expect(room.size).toBeLessThanOrEqual(places);
          expect(room.sizeOf(step)).toBe(held(step.tenant, step.name));
        }
      }),
    );
  });
});
