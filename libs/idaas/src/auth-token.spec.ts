import { readAuthToken } from './auth-token.js';
import { parseVendorDate } from './vendor-date.js';

describe('parseVendorDate', () => {
  it.each([
    ['2020-01-23T16:30:58Z', Date.UTC(2020, 0, 23, 16, 30, 58)],
    ['2018-05-28T19:07:50.328+0000', Date.UTC(2018, 4, 28, 19, 7, 50, 328)],
    ['2018-05-28T19:07:50.328-0130', Date.UTC(2018, 4, 28, 20, 37, 50, 328)],
    ['tomorrow', undefined],
    [undefined, undefined],
  ])('%s', (text, expected) => {
    expect(parseVendorDate(text)).toBe(expected);
  });
});

describe('readAuthToken', () => {
  const creationTime = '2026-01-01T00:00:00Z';
  const read = (expirationTime: unknown, rest: object = { creationTime }) =>
    readAuthToken({ authToken: 'token', expirationTime, ...rest }, 1_000);

  it('takes the life from the upstream’s own two times, whatever our clock says', () => {
    expect(read('2026-01-01T00:15:00.000+0000')).toEqual({
      value: 'token',
      renewAtMs: 721_000,
      expiresAtMs: 901_000,
    });
  });

  it.each([
    ['has ended already', '2025-01-01T00:00:00Z'],
    ['names no end', undefined],
    ['names an end that is no date', 'soon'],
  ])('gives a token that %s half a minute', (_, expirationTime) => {
    expect(read(expirationTime)?.expiresAtMs).toBe(31_000);
  });

  it.each([null, 'text', {}, { authToken: 7 }, { authToken: 'two\nlines' }])(
    'finds no token in %j',
    (result) => {
      expect(readAuthToken(result, 0)).toBeUndefined();
    },
  );
});
