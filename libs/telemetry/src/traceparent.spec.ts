import { readTraceparent, writeTraceparent } from './traceparent.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('traceparent', () => {
  it('is read and written', () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    const parent = readTraceparent(text);
    expect(parent).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
    expect(parent && writeTraceparent(parent)).toBe(text);
  });

  it('is read together with its state, which is left out where it is no text of a header or too long', () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    expect(readTraceparent(text, 'vendor=1')?.state).toBe('vendor=1');
    for (const state of [undefined, '', 'a\n', 'x'.repeat(513)])
      expect(readTraceparent(text, state)).not.toHaveProperty('state');
    expect(readTraceparent('', 'vendor=1')).toBeUndefined();
  });

  it('of a later version is read as far as it is known', () => {
    expect(readTraceparent(`cc-${TRACE}-${SPAN}-00-more`)).toMatchObject({ traceId: TRACE });
  });

  it.each([
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE}-${SPAN}-01x`,
  ])('is ignored when it is %s', (text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});
