import { jest } from '@jest/globals';
import { StoreUnavailable } from './store.problems.js';
import { WriteBehind } from './write-behind.js';

const LONGER_THAN_A_PAUSE_MS = 2_000;

describe('what is written behind', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** A write that fails so often, and then takes its time; its name is noted when it is done. */
  const written: string[] = [];
  const write = (name: string, failures: number, takesMs = 0) => {
    let left = failures;
    return async () => {
      if (left-- > 0) throw new StoreUnavailable();
      await new Promise((resolve) => setTimeout(resolve, takesMs));
      written.push(name);
    };
  };
  beforeEach(() => written.splice(0));

  it('is written in its order, once it can be', async () => {
    const unwritten = new WriteBehind();
    await unwritten.write('a', write('a', 3));
    await unwritten.write('b', write('b', 0));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(written).toEqual(['a', 'b']);
    expect(unwritten.count).toBe(0);
  });

  it('is tried again also after a write that took longer than the pause between tries', async () => {
    const unwritten = new WriteBehind();
    await unwritten.write('a', write('a', 1, LONGER_THAN_A_PAUSE_MS));
    await jest.advanceTimersByTimeAsync(600);
    await unwritten.write('b', write('b', 0));
    await jest.advanceTimersByTimeAsync(LONGER_THAN_A_PAUSE_MS);
    expect(written).toEqual(['a', 'b']);
    await unwritten.write('c', write('c', 1));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(written).toEqual(['a', 'b', 'c']);
    expect(unwritten.count).toBe(0);
  });
});
