import { CacheEntry } from './cache-entry.js';
import { matchesEtag } from './etag.js';
import { Invalidations } from './invalidations.js';
import { freshnessAt, wholeLifeMs } from './lifetime.js';

const counts = { freshMs: 30, staleWhileRevalidateMs: 300, staleIfErrorMs: 3_600 };

describe('freshnessAt', () => {
  it.each([
    [0, 'fresh'],
    [29, 'fresh'],
    [30, 'stale'],
    [329, 'stale'],
    [330, 'on-error'],
    [3_629, 'on-error'],
    [3_630, 'over'],
  ] as const)('at the age of %i is %s', (ageMs, freshness) => {
    expect(freshnessAt(ageMs, counts)).toBe(freshness);
  });

  it('ends when the longer of both stale times ends', () => {
    expect(wholeLifeMs(counts)).toBe(3_630);
  });
});

describe('CacheEntry', () => {
  it.each(['{"count":9007199254740993}', '', 'a\nb\n', 'Zürich 🖨'])('keeps %j byte for byte', (text) => {
    const entry = CacheEntry.decode(new CacheEntry(text, 17, counts).encode());
    expect(entry).toMatchObject({ text, storedAtMs: 17, lifetime: counts });
  });

  it('keeps that there is nothing', () => {
    const entry = CacheEntry.decode(new CacheEntry(undefined, 17, counts).encode());
    expect(entry?.text).toBeUndefined();
    expect(entry?.storedAtMs).toBe(17);
  });

  it.each(['', 'invalidated 1234', '1 2 3\n{}', 'x 2 3 4 v\n{}'])('takes %j for no entry', (encoded) => {
    expect(CacheEntry.decode(encoded)).toBeUndefined();
  });
});

describe('matchesEtag', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['', false],
  ])('%s: %s', (ifNoneMatch, expected) => {
    expect(matchesEtag(ifNoneMatch, '"a"')).toBe(expected);
  });
});

describe('Invalidations', () => {
  it('tells what was invalidated after one began, and counts what it forgot as that', () => {
    const invalidations = new Invalidations();
    invalidations.note('a');
    const mark = invalidations.now;
    expect(invalidations.happenedSince(mark, 'a')).toBe(false);
    invalidations.note('b');
    expect([invalidations.happenedSince(mark, 'a'), invalidations.happenedSince(mark, 'b')]).toEqual([
      false,
      true,
    ]);
    for (let i = 0; i < 20_000; i += 1) invalidations.note(`k${i}`);
    expect(invalidations.happenedSince(mark, 'b')).toBe(true);
  });
});
