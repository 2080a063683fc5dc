import { randomUUID } from 'node:crypto';
import type { Store } from '#libs/store';
import { eventually } from '../support/eventually.js';
import { reservationsBehaviour } from './reservations-behaviour.js';
import { list, type Subject } from './subject.js';
import { changeBehaviour } from './change-behaviour.js';

/** What every store keeps to, in the order of its methods. */
export function storeBehaviour(
  open: () => Promise<Subject>,
  close: (subject: Subject) => Promise<void>,
): void {
  let subject: Subject;
  let store: Store;
  const key = (name: string) => `{${name}-${randomUUID()}}:key`;

  beforeAll(async () => {
    subject = await open();
    store = subject.store;
    await eventually(() => expect(store.isUp).toBe(true));
  });
  afterAll(() => close(subject));

  it('does what is asked for at once in the order in which it was asked', async () => {
    const k = key('order');
    const answers = await Promise.all([
      store.set(k, 'a', 60_000),
      store.compareAndSet(k, 'a', 'b', 60_000),
      store.get(k),
      store.setIfAbsent(k, 'c', 60_000),
      store.compareAndDelete(k, 'b'),
      store.get(k),
    ]);
    expect(answers).toEqual([undefined, true, 'b', false, true, undefined]);
  });

  it('gives back what was set, byte for byte, until its time is over', async () => {
    const k = key('value');
    const text = 'Zürich 9007199254740993 \u0000 "quoted"\r\n🖨';
    expect(await store.get(k)).toBeUndefined();
    await store.set(k, text, 60_000);
    expect(await store.get(k)).toBe(text);
    await store.set(k, 'short', 40);
    await subject.advance(60);
    expect(await store.get(k)).toBeUndefined();
  });

  it('has room, and keeps what is expendable by the same rules', async () => {
    const k = key('expendable');
    expect(() => store.requireRoom()).not.toThrow();
    expect(store.expendable.isUp).toBe(true);
    await store.expendable.set(k, 'a', 60_000);
    expect(await store.expendable.compareAndSet(k, 'a', 'b', 60_000)).toBe(true);
    expect(await store.expendable.get(k)).toBe('b');
  });

  it('sets only what is absent, for one of many who try at the same time', async () => {
    const k = key('absent');
    const won = await Promise.all(
      Array.from({ length: 50 }, (_, i) => store.setIfAbsent(k, String(i), 60_000)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.get(k)).toBe(String(won.indexOf(true)));
  });

  it('sets what was absent again once its time is over', async () => {
    const [long, brief] = [key('lease'), key('lease')];
    expect(await store.setIfAbsent(long, 'a', 60_000)).toBe(true);
    expect(await store.setIfAbsent(long, 'b', 60_000)).toBe(false);
    expect(await store.setIfAbsent(brief, 'a', 40)).toBe(true);
    await subject.advance(60);
    expect(await store.setIfAbsent(brief, 'c', 60_000)).toBe(true);
    expect(await store.get(long)).toBe('a');
  });

  it('compares and sets, for one of many, and begins a new time', async () => {
    const k = key('compare');
    expect(await store.compareAndSet(k, 'old', 'new', 60_000)).toBe(false);
    await store.set(k, 'old', 60_000);
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.compareAndSet(k, 'old', String(i), 40)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    await subject.advance(60);
    expect(await store.get(k)).toBeUndefined();
  });

  changeBehaviour(() => subject);

  describe('claims', () => {
    const claimed = (k: string, owner: string = randomUUID(), ttlMs = 60_000) => ({
      key: `${k}:claim`,
      owner,
      ttlMs,
    });

    it('gives the claim to what is missing or no longer current to one of many who look', async () => {
      for (const value of [undefined, '999 old', '1000 just over', 'no number']) {
        const k = key('claim');
        if (value !== undefined) await store.set(k, value, 60_000);
        const looks = await Promise.all(
          Array.from({ length: 20 }, () => store.getOrClaim(k, 1_000, claimed(k))),
        );
        expect(looks.map((look) => look.value)).toEqual(looks.map(() => value));
        expect(looks.filter(({ isClaimed }) => isClaimed)).toHaveLength(1);
      }
    });

    it('gives nobody the claim to what is current', async () => {
      const k = key('claim');
      await store.set(k, '1001 fresh', 60_000);
      const look = await store.getOrClaim(k, 1_000, claimed(k));
      expect(look).toEqual({ value: '1001 fresh', isClaimed: false });
      expect(await store.get(`${k}:claim`)).toBeUndefined();
    });

    it('gives the claim again once its time is over', async () => {
      const claimOf = (k: string, owner: string, ttlMs: number) =>
        store.getOrClaim(k, 0, claimed(k, owner, ttlMs));
      const [long, brief] = [key('claim'), key('claim')];
      expect(await claimOf(long, 'a', 60_000)).toMatchObject({ isClaimed: true });
      expect(await claimOf(long, 'b', 60_000)).toMatchObject({ isClaimed: false });
      expect(await claimOf(brief, 'a', 40)).toMatchObject({ isClaimed: true });
      await subject.advance(60);
      expect(await claimOf(brief, 'c', 60_000)).toMatchObject({ isClaimed: true });
    });

    it.each([
      ['where nothing is', undefined, undefined, true],
      ['in the place of what was seen', 'seen', 'seen', true],
      ['where what was seen is gone', undefined, 'seen', true],
      ['not over what came since', 'new', 'seen', false],
      ['not over what came where nothing was', 'new', undefined, false],
    ])('settles %s, and gives the claim back', async (_, present, expected, isSet) => {
      const k = key('settle');
      if (present !== undefined) await store.set(k, present, 60_000);
      const claim = claimed(k);
      await store.getOrClaim(k, 0, claim);
      expect(await store.settleClaim(k, expected, 'made', 60_000, claim)).toBe(isSet);
      expect(await store.get(k)).toBe(isSet ? 'made' : present);
      expect(await store.get(claim.key)).toBeUndefined();
    });

    it('answers each of many who ask in the same moment for itself, however long their texts', async () => {
      const keys = Array.from({ length: 150 }, (_, i) => key(`many-${i}`));
      const texts = keys.map((k, i) => (i % 3 === 0 ? undefined : `${i % 3} ${k} ${'é'.repeat(i)}`));
      await Promise.all(keys.map(async (k, i) => texts[i] !== undefined && store.set(k, texts[i], 60_000)));
      const looks = await Promise.all(keys.map((k) => store.getOrClaim(k, 1, claimed(k))));
      expect(looks).toEqual(texts.map((value, i) => ({ value, isClaimed: i % 3 !== 2 })));
      const settle = (k: string, i: number) =>
        store.settleClaim(k, i % 2 ? texts[i] : 'another', `made ${k}`, 60_000, claimed(k));
      const isSet = texts.map((text, i) => text === undefined || i % 2 === 1);
      expect(await Promise.all(keys.map(settle))).toEqual(isSet);
      const values = await Promise.all(keys.map((k) => store.get(k)));
      expect(values).toEqual(keys.map((k, i) => (isSet[i] ? `made ${k}` : texts[i])));
    });

    it('settles with a claim that was lost, and leaves it to who has it', async () => {
      const k = key('settle');
      await store.getOrClaim(k, 0, claimed(k, 'another'));
      expect(await store.settleClaim(k, undefined, 'made', 60_000, claimed(k, 'mine'))).toBe(true);
      expect(await store.get(`${k}:claim`)).toBe('another');
    });
  });

  it('compares and deletes', async () => {
    const k = key('delete');
    await store.set(k, 'mine', 60_000);
    expect(await store.compareAndDelete(k, 'other')).toBe(false);
    expect(await store.compareAndDelete(k, 'mine')).toBe(true);
    expect(await store.get(k)).toBeUndefined();
    await store.set(k, 'again', 60_000);
    await store.delete(k);
    expect(await store.get(k)).toBeUndefined();
  });

  it('counts without losing one, within the time of the first', async () => {
    const k = key('counter');
    const sums = await Promise.all(Array.from({ length: 50 }, () => store.increment(k, 2, 60_000)));
    expect(Math.max(...sums)).toBe(100);
    expect(new Set(sums).size).toBe(50);
    expect(await store.increment(k, -30, 60_000)).toBe(70);
    const brief = key('brief');
    await store.increment(brief, 5, 1_000);
    await subject.advance(20);
    expect(await store.increment(brief, 5, 60_000)).toBe(10);
    await subject.advance(1_100);
    expect(await store.increment(brief, 1, 60_000)).toBe(1);
  });

  reservationsBehaviour(() => subject);

  it('keeps the last records of a stream, newest first', async () => {
    const stream = key('stream');
    expect(await store.readLast(stream, 10)).toEqual([]);
    await store.dropOlder(stream, 1_000);
    for (let i = 0; i < 500; i += 1) await store.append(stream, `record ${i}`, 10);
    expect(await store.readLast(stream, 2)).toEqual(['record 499', 'record 498']);
    const kept = await store.readLast(stream, 1_000);
    expect(kept.length).toBeGreaterThanOrEqual(10);
    expect(kept.length).toBeLessThan(500);
  });

  it('drops the records of a stream that are older, however many there are', async () => {
    const stream = key('aged');
    await Promise.all(Array.from({ length: 250 }, () => store.append(stream, 'old', 1_000)));
    await subject.advance(600);
    await store.append(stream, 'new', 1_000);
    await store.dropOlder(stream, 500);
    expect(await store.readLast(stream, 1_000)).toEqual(['new']);
  });

  it('reads an index from the highest score down, and trims it from below', async () => {
    const k = key('index');
    for (const [member, score] of [
      ['a', 1],
      ['c', 3],
      ['b', 2],
      ['d', 3],
    ] as const)
      await list(store, k, member, score);
    await list(store, k, 'a', 4);
    const members = async (maxScore: number, limit: number) =>
      (await store.readIndex(k, maxScore, limit)).map(({ member }) => member);
    expect(await members(Infinity, 10)).toEqual(['a', 'd', 'c', 'b']);
    expect(await members(3, 2)).toEqual(['d', 'c']);
    expect(await store.readIndex(k, 2, 1)).toEqual([{ member: 'b', score: 2 }]);
    await store.commit({ conditions: [], writes: [{ unlist: k, member: 'd' }] });
    await store.commit({ conditions: [], writes: [{ unlist: k, member: 'nobody' }] });
    await list(store, k, 'e', 5, 3);
    expect(await members(Infinity, 10)).toEqual(['e', 'a', 'c']);
    expect(await store.readIndex(key('nothing'), Infinity, 10)).toEqual([]);
  });

  it('tells every subscriber what is published, until it stops listening', async () => {
    const channel = key('channel');
    const heard: string[] = [];
    const stopFirst = store.subscribe(channel, (message) => heard.push(`1${message}`));
    store.subscribe(channel, (message) => heard.push(`2${message}`));
    await eventually(async () => {
      await store.publish(channel, 'x');
      expect(heard).toEqual(expect.arrayContaining(['1x', '2x']));
    });
    stopFirst();
    heard.length = 0;
    await store.publish(channel, 'y');
    await eventually(() => expect(heard).toContain('2y'));
    expect(heard).not.toContain('1y');
  });
}
