import { randomUUID } from 'node:crypto';
import type { Take, Turn } from '#libs/store';
import { eventually } from '../support/eventually.js';
import { list as addToList, type Subject } from './subject.js';

/** How every store changes several keys as one step, and gives turns. */
export function changeBehaviour(subjectNow: () => Subject): void {
  const store = () => subjectNow().store;
  const key = () => `change-${randomUUID()}`;

  describe('changes', () => {
    it('are made whole where all that was asked for stands', async () => {
      const [a, b, list] = [key(), key(), key()];
      await store().set(a, 'a"1\u0000 ü', 60_000);
      await addToList(store(), list, 'gone', 1);
      const heard: string[] = [];
      const stop = store().subscribe(`${a}:channel`, (message) => heard.push(message));
      await eventually(async () => {
        await store().publish(`${a}:channel`, 'listening');
        expect(heard).toContain('listening');
      });
      const outcome = await store().commit({
        conditions: [
          { key: a, is: 'a"1\u0000 ü' },
          { key: b, is: undefined },
        ],
        writes: [
          { set: b, value: '{"b":"\\ud83d ü"}', ttlMs: 60_000 },
          { remove: a },
          { list, member: 'm', score: 1_795_700_000_123, ttlMs: 60_000 },
          { unlist: list, member: 'gone' },
          { publish: `${a}:channel`, message: 'done' },
          { append: `${a}:stream`, record: '{"r":"ü"}', maxLength: 10 },
        ],
      });
      expect(await store().readLast(`${a}:stream`, 9)).toEqual(['{"r":"ü"}']);
      expect(outcome).toMatchObject({ isDone: true, found: ['a"1\u0000 ü', undefined] });
      expect(await Promise.all([store().get(a), store().get(b)])).toEqual([undefined, '{"b":"\\ud83d ü"}']);
      expect(await store().readIndex(list, Infinity, 9)).toEqual([{ member: 'm', score: 1_795_700_000_123 }]);
      await eventually(() => expect(heard).toContain('done'));
      stop();
    });

    it('are not made at all where one condition does not hold, and tell what was found', async () => {
      const [a, b] = [key(), key()];
      await store().set(a, '1', 60_000);
      const outcome = await store().commit({
        conditions: [
          { key: b, is: undefined },
          { key: a, is: '2' },
        ],
        writes: [
          { set: b, value: 'x', ttlMs: 60_000 },
          { append: `${b}:stream`, record: 'x', maxLength: 10 },
        ],
      });
      expect(outcome).toMatchObject({ isDone: false, found: [undefined, '1'] });
      expect(await store().readLast(`${b}:stream`, 9)).toEqual([]);
      expect(await store().get(b)).toBeUndefined();
    });

    it('remove a value only where it is the one that was named', async () => {
      const [a, b] = [key(), key()];
      await Promise.all([store().set(a, '1', 60_000), store().set(b, '1', 60_000)]);
      await store().commit({
        conditions: [],
        writes: [
          { remove: a, value: '1' },
          { remove: b, value: '2' },
        ],
      });
      expect(await Promise.all([store().get(a), store().get(b)])).toEqual([undefined, '1']);
    });

    it('are made by one of many who ask for the same at once, durably too', async () => {
      // A replica may have come just now.
      await eventually(() => store().commit({ conditions: [], writes: [], isDurable: true }));
      for (const isDurable of [false, true]) {
        const a = key();
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            store().commit({
              conditions: [{ key: a, is: undefined }],
              writes: [{ set: a, value: String(i), ttlMs: 60_000 }],
              isDurable,
            }),
          ),
        );
        expect(outcomes.filter(({ isDone }) => isDone)).toHaveLength(1);
      }
    });

    it('end with their time, and are not made too late by the time of the store', async () => {
      const a = key();
      const nowMs = await store().time();
      const set = (notAfterMs: number) =>
        store().commit({ conditions: [], writes: [{ set: a, value: '1', ttlMs: 40 }], notAfterMs });
      expect(await set(nowMs - 1)).toMatchObject({ isDone: false });
      expect(await set(nowMs + 60_000)).toMatchObject({ isDone: true });
      await subjectNow().advance(60);
      expect(await store().get(a)).toBeUndefined();
      expect(await store().time()).toBeGreaterThanOrEqual(nowMs + 60);
    });
  });

  describe('changes that take of sums', () => {
    const counting = (count: string, limit = 2) => ({ count, limit, ttlMs: 60_000 });
    const reserving = (at: string, member: string, amount: number) => ({
      reserve: at,
      reservation: { member, amount, heldMs: 60_000 },
      limit: 10,
      ttlMs: 60_000,
    });
    const claim = (at: string, ...takes: Take[]) =>
      store().commit({
        conditions: [{ key: at, is: undefined }],
        takes,
        writes: [{ set: at, value: 'claimed', ttlMs: 60_000 }],
      });
    const counted = (at: string) => store().expendable.increment(at, 0, 60_000);

    it('take of all of them, or of none', async () => {
      const [count, cards, a, b, c] = [key(), `{${key()}}`, key(), key(), key()];
      expect(await claim(a, counting(count), reserving(cards, 'a', 7))).toMatchObject({
        isDone: true,
        rooms: [
          { sum: 0, suffices: true },
          { sum: 0, suffices: true },
        ],
      });
      expect(await claim(b, counting(count), reserving(cards, 'b', 7))).toMatchObject({
        isDone: false,
        found: [undefined],
        rooms: [
          { sum: 1, suffices: true },
          { sum: 7, suffices: false },
        ],
      });
      expect(await claim(c, counting(count), reserving(cards, 'c', 3))).toMatchObject({ isDone: true });
      expect(await claim(b, counting(count), reserving(cards, 'a', 7))).toMatchObject({
        isDone: false,
        rooms: [
          { sum: 2, suffices: false },
          { sum: 10, suffices: true },
        ],
      });
      expect(await store().get(b)).toBeUndefined();
      expect([await counted(count), await store().readReserved(cards)]).toEqual([2, 10]);
    });

    it('take nothing where a condition does not hold, such as when they are made again', async () => {
      const [count, cards, a] = [key(), `{${key()}}`, key()];
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => claim(a, counting(count, 99), reserving(cards, `m${i}`, 1))),
      );
      expect(outcomes.filter(({ isDone }) => isDone)).toHaveLength(1);
      expect(await claim(a, counting(count), reserving(cards, 'm', 1))).toMatchObject({
        isDone: false,
        found: ['claimed'],
        rooms: [],
      });
      expect([await counted(count), await store().readReserved(cards)]).toEqual([1, 1]);
    });

    it('count in the same counters as increments, for as long', async () => {
      const count = key();
      await store().expendable.increment(count, 3, 60_000);
      expect(await claim(key(), counting(count, 3))).toMatchObject({ isDone: false, rooms: [{ sum: 3 }] });
      expect(await claim(key(), counting(count, 4))).toMatchObject({ isDone: true });
      expect(await counted(count)).toBe(4);
      const brief = key();
      await claim(key(), { count: brief, limit: 1, ttlMs: 1_000 });
      await subjectNow().advance(1_100);
      expect(await claim(key(), counting(brief, 1))).toMatchObject({ isDone: true, rooms: [{ sum: 0 }] });
    });
  });

  describe('turns', () => {
    const turnAt = (at: string, waiter: string, owner: string, more: Partial<Turn> = {}): Turn => ({
      key: at,
      waiter,
      owner,
      ttlMs: 60_000,
      patienceMs: 60_000,
      look: `${at}:open`,
      ...more,
    });
    const end = (at: string, owner: string) =>
      store().commit({ conditions: [], writes: [{ remove: at, value: owner }] });

    it('are one’s at a time, and taken again by who has it', async () => {
      const at = key();
      await store().set(`${at}:open`, 'left', 60_000);
      expect(await store().takeTurn(turnAt(at, 'A', 'a1'))).toMatchObject({ isTaken: true, found: 'left' });
      expect(await store().takeTurn(turnAt(at, 'B', 'b1'))).toMatchObject({ isTaken: false });
      expect(await store().takeTurn(turnAt(at, 'A', 'a1'))).toMatchObject({ isTaken: true });
    });

    it('come to those who wait in the order in which they asked first', async () => {
      const at = key();
      await store().takeTurn(turnAt(at, 'A', 'a1'));
      for (const waiter of ['B', 'C', 'A', 'B']) {
        await store().takeTurn(turnAt(at, waiter, `${waiter}2`));
        await subjectNow().advance(2);
      }
      await end(at, 'a1');
      for (const waiter of ['A', 'C'])
        expect(await store().takeTurn(turnAt(at, waiter, `${waiter}2`))).toMatchObject({ isTaken: false });
      expect(await store().takeTurn(turnAt(at, 'B', 'B2'))).toMatchObject({ isTaken: true });
      await end(at, 'B2');
      expect(await store().takeTurn(turnAt(at, 'C', 'C2'))).toMatchObject({ isTaken: true });
    });

    it('pass by who does not wait any more', async () => {
      const at = key();
      await store().takeTurn(turnAt(at, 'A', 'a1'));
      for (const waiter of ['B', 'C']) await store().takeTurn(turnAt(at, waiter, `${waiter}1`));
      await end(at, 'a1');
      await store().leaveTurn(at, 'B');
      expect(await store().takeTurn(turnAt(at, 'C', 'C1'))).toMatchObject({ isTaken: true });
    });

    it('pass by who has not asked again, and end with their time', async () => {
      const at = key();
      await store().takeTurn(turnAt(at, 'A', 'a1', { ttlMs: 40 }));
      await store().takeTurn(turnAt(at, 'B', 'b1', { patienceMs: 40 }));
      await subjectNow().advance(60);
      expect(await store().takeTurn(turnAt(at, 'C', 'c1'))).toMatchObject({
        isTaken: true,
        found: undefined,
      });
    });
  });
}
