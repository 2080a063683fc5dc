import { jest } from '@jest/globals';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { RememberedNames } from './remembered-names.js';

const A_DAY_MS = 86_400_000;
const FIRST: LookupAddress = { address: '192.0.2.1', family: 4 };
const SECOND: LookupAddress = { address: '192.0.2.2', family: 4 };

describe('RememberedNames', () => {
  let asked: LookupAllOptions[];
  let answer: () => Promise<LookupAddress[]>;
  let remembered: string[];
  let names: RememberedNames;
  const silence = () => new Promise<LookupAddress[]>(() => {});
  const failure = () => Promise.reject(new Error('EAI_AGAIN'));
  const lookUp = (options = { all: true }) =>
    new Promise<unknown>((resolve, reject) =>
      names.lookup('upstream.example', options, (error, ...found) =>
        error ? reject(error) : resolve(options.all ? found[0] : found),
      ),
    );

  beforeEach(() => {
    jest.useFakeTimers();
    [asked, remembered] = [[], []];
    answer = () => Promise.resolve([FIRST]);
    names = new RememberedNames({
      ask: (_name, options) => {
        asked.push(options);
        return answer();
      },
      now: () => Date.now(),
      onRemembered: (name) => remembered.push(name),
    });
  });
  afterEach(() => jest.useRealTimers());

  it('answers in the form that is asked for, all addresses or the first', async () => {
    answer = () => Promise.resolve([FIRST, SECOND]);
    expect(await lookUp()).toEqual([FIRST, SECOND]);
    expect(await lookUp({ all: false })).toEqual([FIRST.address, FIRST.family]);
    expect(asked).toEqual([{ all: true }, { all: true }]);
  });

  it('asks once for all who ask at the same time', async () => {
    expect(await Promise.all([lookUp(), lookUp(), lookUp()])).toEqual([[FIRST], [FIRST], [FIRST]]);
    expect(asked).toHaveLength(1);
  });

  it('takes a new address at once, and fails where it never knew one', async () => {
    await lookUp();
    answer = () => Promise.resolve([SECOND]);
    expect(await lookUp()).toEqual([SECOND]);
    const stranger = new RememberedNames({ ask: failure, now: Date.now, onRemembered: () => {} });
    await expect(
      new Promise((resolve, reject) =>
        stranger.lookup('a', {}, (error) => (error ? reject(error) : resolve(1))),
      ),
    ).rejects.toThrow('EAI_AGAIN');
    expect(remembered).toEqual([]);
  });

  it('uses the last address when the name server fails, and says so once each time that it begins', async () => {
    for (let outage = 1; outage <= 2; outage += 1) {
      answer = () => Promise.resolve([FIRST]);
      await lookUp();
      answer = failure;
      for (let turn = 0; turn < 3; turn += 1) expect(await lookUp()).toEqual([FIRST]);
      expect(remembered).toHaveLength(outage);
    }
  });

  it('uses it after half a second when the name server says nothing, and holds one lookup at most', async () => {
    await lookUp();
    answer = silence;
    const waiting = [lookUp(), lookUp()];
    await jest.advanceTimersByTimeAsync(500);
    expect(await Promise.all(waiting)).toEqual([[FIRST], [FIRST]]);
    expect(asked).toHaveLength(2);
  });

  it('uses none that is older than a day', async () => {
    await lookUp();
    answer = failure;
    await jest.advanceTimersByTimeAsync(A_DAY_MS + 1);
    await expect(lookUp()).rejects.toThrow('EAI_AGAIN');
  });
});
