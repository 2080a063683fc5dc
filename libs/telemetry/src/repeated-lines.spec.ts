import { RepeatedLines } from './repeated-lines.js';

describe('lines that repeat while something is wrong', () => {
  let nowMs = 0;
  const lines = () => new RepeatedLines(() => nowMs);
  beforeEach(() => (nowMs = 0));

  it('are due at once for each reason, and again after a minute', () => {
    const repeated = lines();
    expect(['a', 'a', 'b'].map((reason) => repeated.isDue(reason))).toEqual([true, false, true]);
    nowMs = 59_999;
    expect(repeated.isDue('a')).toBe(false);
    nowMs = 60_000;
    expect(repeated.isDue('a')).toBe(true);
  });

  it('are due at once when it was over in between', () => {
    const repeated = lines();
    expect(repeated.clear()).toBe(false);
    repeated.isDue('a');
    expect(repeated.clear()).toBe(true);
    expect(repeated.isDue('a')).toBe(true);
  });

  it('do not pile up, however many reasons there are', () => {
    const repeated = lines();
    for (let i = 0; i < 20; i += 1) repeated.isDue(String(i));
    expect(repeated.isDue('20')).toBe(true);
    expect(repeated.isDue('0')).toBe(true);
  });
});
