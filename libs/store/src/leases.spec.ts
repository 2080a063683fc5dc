import { jest } from '@jest/globals';
import { Leases, newLease } from './leases.js';
import { MemoryStore } from './memory.store.js';
import { StoreUnavailable } from './store.problems.js';

describe('a lease', () => {
  let store: MemoryStore;
  let leases: Leases;
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    store = new MemoryStore({ maxEntries: 100, now: () => Date.now() });
    leases = new Leases(store);
  });
  afterEach(() => jest.useRealTimers());

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  const [mine, anothers] = [newLease('job', 3_000), newLease('job', 3_000)];

  it('is one owner’s at a time, until it is given back', async () => {
    expect(await leases.take(mine)).toBe(true);
    expect([await leases.take(anothers), await leases.hold(anothers)]).toEqual([false, false]);
    leases.release(anothers);
    expect(await leases.take(anothers)).toBe(false);
    leases.release(mine);
    expect(await leases.take(anothers)).toBe(true);
  });

  it('ends with its time, and is taken once', async () => {
    await leases.take(mine);
    expect(await leases.take(mine)).toBe(false);
    await pass(3_000);
    expect(await leases.take(anothers)).toBe(true);
  });

  it('begins its time anew each time that its owner holds it', async () => {
    for (let times = 0; times < 5; times += 1) {
      expect(await leases.hold(mine)).toBe(true);
      await pass(2_000);
    }
    expect(await leases.hold(anothers)).toBe(false);
  });

  it('is kept alive until that is over, and for one life then', async () => {
    await leases.take(mine);
    const stop = leases.keepAlive(mine);
    await pass(30_000);
    expect(await leases.take(anothers)).toBe(false);
    stop();
    await pass(3_000);
    expect(await leases.take(anothers)).toBe(true);
  });

  it('that was lost is not taken again by being kept alive', async () => {
    const stop = leases.keepAlive(mine);
    await pass(30_000);
    expect(await leases.take(anothers)).toBe(true);
    stop();
  });

  it('is renewed at the next time where the store was away at one, and troubles nobody', async () => {
    await leases.take(mine);
    const renew = jest.spyOn(store, 'compareAndSet').mockRejectedValueOnce(new StoreUnavailable());
    const stop = leases.keepAlive(mine);
    await pass(2_500);
    expect(renew).toHaveBeenCalledTimes(2);
    await pass(2_000);
    expect(await leases.take(anothers)).toBe(false);
    jest.spyOn(store, 'compareAndDelete').mockRejectedValueOnce(new StoreUnavailable());
    leases.release(mine);
    stop();
  });
});
