import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { StoreUnavailable } from './store.problems.js';
import { DeferredWrites } from './deferred-writes.js';

const LONGER_THAN_A_PAUSE_MS = 2_000;

describe('a deferred write', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** A write that fails so often, and then takes its time; its name is noted when it is done. */
  const written: string[] = [];
  const write = (name: string, failures: number, takesMs = 0) => {
    let left = failures;
    return async () => {
      if (left-- > 0) throw new StoreUnavailable();
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      written.push(name);
    };
  };
  beforeEach(() => written.splice(0));

  it('is written in its order, once it can be', async () => {
    const deferred = new DeferredWrites();
    await deferred.write('a', write('a', 3));
    await deferred.write('b', write('b', 0));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(written).toEqual(['a', 'b']);
    expect(deferred.count).toBe(0);
  });

  it('is tried again also after a write that took longer than the pause between tries', async () => {
    const deferred = new DeferredWrites();
    await deferred.write('a', write('a', 1, LONGER_THAN_A_PAUSE_MS));
    await jest.advanceTimersByTimeAsync(600);
    await deferred.write('b', write('b', 0));
    await jest.advanceTimersByTimeAsync(LONGER_THAN_A_PAUSE_MS);
    expect(written).toEqual(['a', 'b']);
    await deferred.write('c', write('c', 1));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(written).toEqual(['a', 'b', 'c']);
    expect(deferred.count).toBe(0);
  });

  it('holds up nobody, and is written behind what waits already', async () => {
    const deferred = new DeferredWrites();
    await deferred.write('a', write('a', 1));
    await deferred.write('b', write('b', 0));
    expect([written, deferred.count]).toEqual([[], 2]);
    await jest.advanceTimersByTimeAsync(10_000);
    await deferred.write('c', write('c', 0));
    expect([written, deferred.count]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('does not hold up the others where it cannot be written at all', async () => {
    const deferred = new DeferredWrites();
    await deferred.write('a', write('a', 1));
    await deferred.write('broken', () => Promise.reject(new TypeError('no such member')));
    await deferred.write('b', write('b', 0));
    await jest.advanceTimersByTimeAsync(10_000);
    expect([written, deferred.count]).toEqual([['a', 'b'], 0]);
  });

  it('drops the oldest of more than ten thousand, and says which', async () => {
    const said = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const deferred = new DeferredWrites();
    await deferred.write('first', write('first', 1));
    for (let at = 0; at < 10_001; at += 1) await deferred.write(`write ${at}`, write(`${at}`, 0));
    expect(deferred.count).toBe(10_000);
    expect(said.mock.calls.map(([line]: unknown[]) => line)).toEqual([
      expect.stringMatching(/: first$/),
      expect.stringMatching(/: write 0$/),
    ]);
    said.mockRestore();
  });

  it('is tried once more at the end, and what is lost then is said', async () => {
    const said = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const deferred = new DeferredWrites();
    await deferred.write('a', write('a', 1));
    await deferred.write('b', write('b', 9));
    const closed = deferred.close();
    await jest.advanceTimersByTimeAsync(0);
    await closed;
    expect([written, said.mock.calls[0]?.[0]]).toEqual([['a'], { unwritten: ['b'] }]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(written).toEqual(['a']);
    said.mockRestore();
  });
});
