import { OutgoingBody } from './outgoing-body.js';

const long = Buffer.alloc(100_000, 'a');
const short = Buffer.from('short');

describe('a body on its way', () => {
  it('sends long pieces as they are, and copies of short ones, which a connection may hold longer', () => {
    const sent = [...new OutgoingBody([short, long, short])];
    expect(Buffer.concat(sent)).toEqual(Buffer.concat([short, long, short]));
    expect(sent[1]).toBe(long);
    expect(sent[0]?.buffer === short.buffer && sent[0].byteOffset === short.byteOffset).toBe(false);
  });

  it('is one piece of its own when it is short', () => {
    const { content } = new OutgoingBody([short, short]);
    expect(content).toEqual(Buffer.from('shortshort'));
  });

  it('is free before it is read and after it was read to its end, however often, and not in between', () => {
    const body = new OutgoingBody([short, long, short]);
    expect(body.isFree).toBe(true);
    for (let turn = 0; turn < 2; turn += 1) {
      for (const piece of body) expect([piece.length > 0, body.isFree]).toEqual([true, false]);
      expect(body.isFree).toBe(true);
    }
  });

  it('is never free again once somebody broke off: a connection may still hold what it got', () => {
    const body = new OutgoingBody([short, long, short]);
    for (const piece of body) if (piece.length > 10) break;
    expect(body.isFree).toBe(false);
    expect([...body]).toHaveLength(3);
    expect(body.isFree).toBe(false);
  });
});
