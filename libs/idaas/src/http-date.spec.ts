import { parseHttpDate } from './http-date.js';

describe('a Date header', () => {
  it('is the moment that it names', () => {
    expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
  });

  it.each([undefined, '', '2020', 'yesterday', '1994-11-06T08:49:37Z', 'Sun, 99 Nov 1994 08:49:37 GMT'])(
    'tells nothing where it is %j',
    (text) => expect(parseHttpDate(text)).toBeUndefined(),
  );
});
