import { randomUUID } from 'node:crypto';
import { keep as keepIn, lower, reserve as reserveIn, type Subject } from './subject.js';

/** What every store keeps to, of what members reserve of a sum. */
export function reservationsBehaviour(subject: () => Subject): void {
  describe('reservations', () => {
    const key = (name: string) => `{${name}-${randomUUID()}}:key`;
    let store: Subject['store'];
    beforeAll(() => {
      ({ store } = subject());
    });
    const reserve = (k: string, member: string, amount: number, limit = 20, heldMs = 60_000) =>
      reserveIn(store, k, { member, amount, heldMs }, limit);

    it('go up to a limit and not one further, whoever comes at the same time', async () => {
      const k = key('reserved');
      const all = await Promise.all(Array.from({ length: 50 }, (_, i) => reserve(k, `m${i}`, 3)));
      expect(all.filter((room) => room?.suffices)).toHaveLength(6);
      expect(await reserve(k, 'another', 3)).toEqual({ sum: 18, suffices: false });
      expect(await reserve(k, 'another', 2)).toEqual({ sum: 18, suffices: true });
      expect(await store.readReserved(k)).toBe(20);
      expect(await store.readReserved(key('nothing'))).toBe(0);
    });

    it('change nothing the second time, nor once they have been lowered', async () => {
      const k = key('repeated');
      for (const sum of [0, 7, 7]) expect(await reserve(k, 'a', 7)).toEqual({ sum, suffices: true });
      await reserve(k, 'b', 10);
      for (let i = 0; i < 3; i += 1) {
        await lower(store, k, 'a', 5);
        expect(await store.readReserved(k)).toBe(15);
      }
      await lower(store, k, 'a', 100);
      expect(await reserve(k, 'a', 7)).toEqual({ sum: 15, suffices: true });
      for (let i = 0; i < 3; i += 1) {
        await lower(store, k, 'a', 0);
        expect(await reserve(k, 'a', 7)).toEqual({ sum: 10, suffices: false });
      }
      await lower(store, k, 'b', -5);
      expect(await store.readReserved(k)).toBe(0);
    });

    it('are lowered by a change like all else of it, once, and not where a condition does not hold', async () => {
      const k = key('lowered');
      await reserve(k, 'a', 7);
      const change = (is: string | undefined, to: number) =>
        store.commit({ conditions: [{ key: key('none'), is }], writes: [{ lower: k, member: 'a', to }] });
      expect((await change('something', 0)).isDone).toBe(false);
      expect(await store.readReserved(k)).toBe(7);
      for (const to of [2, 5, -1]) await change(undefined, to);
      expect(await store.readReserved(k)).toBe(0);
      expect(await reserve(k, 'a', 7)).toEqual({ sum: 0, suffices: false });
    });

    it('do not come after they have been lowered', async () => {
      const k = key('late');
      await lower(store, k, 'a', 0);
      expect(await reserve(k, 'a', 1)).toEqual({ sum: 0, suffices: false });
      expect(await reserve(k, 'b', 20)).toEqual({ sum: 0, suffices: true });
    });

    it('are gone when nobody kept them in time, and stay when somebody did', async () => {
      const k = key('held');
      await reserve(k, 'a', 5, 20, 400);
      await reserve(k, 'b', 5, 20, 400);
      for (let i = 0; i < 2; i += 1) expect(await keepIn(store, k, 'b')).toBe(true);
      expect(await keepIn(store, k, 'nobody')).toBe(false);
      expect(await store.readReserved(k)).toBe(10);
      await subject().advance(450);
      expect(await store.readReserved(k)).toBe(5);
      expect(await keepIn(store, k, 'a')).toBe(false);
      expect(await keepIn(store, k, 'b')).toBe(true);
      expect(await reserve(k, 'c', 15)).toEqual({ sum: 5, suffices: true });
    });

    it('end with the time of the first', async () => {
      const k = key('reserved-brief');
      await reserveIn(store, k, { member: 'a', amount: 5, heldMs: 60_000 }, 5, 100);
      await keepIn(store, k, 'a');
      await subject().advance(120);
      expect(await reserve(k, 'b', 1, 5)).toEqual({ sum: 0, suffices: true });
    });
  });
}
