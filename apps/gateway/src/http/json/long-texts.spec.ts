import { BodyMemory } from './body-memory.js';
import { liftLongTexts } from './long-texts.js';

const long = 'QUJD'.repeat(2_000);
const lift = (json: string) => liftLongTexts(BodyMemory.of(Buffer.from(json)));

describe('long texts of a JSON body', () => {
  it('stay the bytes in which they came, each in its place', () => {
    const body = {
      a: 'é €',
      print: { front: [{ data: `1${long}` }, { layer: 'UV', data: `2${long}` }], back: [{ data: 'short' }] },
    };
    for (const json of [JSON.stringify(body), JSON.stringify(body, undefined, 4)]) {
      const lifted = lift(json);
      const read = JSON.parse(lifted?.json ?? '', (_name, value: unknown) => {
        const text = lifted?.texts.get(value as string);
        return text ? text.bytes.toString() : value;
      }) as unknown;
      expect(lifted?.texts.size).toBe(2);
      expect(lifted?.json.length).toBeLessThan(1_000);
      expect(read).toEqual(body);
    }
  });

  it.each([
    ['where there are none', '{"data":"short"}'],
    ['of another name', `{"date":"${long}"}`],
    ['that are no member', `["data","${long}"]`],
    ['of a member whose name only ends so', `{"x\u00e9data":"${long}"}`],
    ['that are a name', `{"data":{"${long}":1}}`],
    ['where anything is escaped', `{"a":"\\"","data":"${long}"}`],
    ['that do not end', `{"data":"${long}`],
  ])('are left alone %s', (_, json) => {
    expect(lift(json)).toBeUndefined();
  });

  it('cannot be read any more once their memory was given back', () => {
    const memory = BodyMemory.of(Buffer.from(JSON.stringify({ data: long })));
    const [text] = [...(liftLongTexts(memory)?.texts.values() ?? [])];
    expect(text?.bytes.toString()).toBe(long);
    text?.giveBack();
    expect(() => text?.bytes).toThrow('given back');
  });
});

describe('the memory of bodies', () => {
  it('serves another body once it was given back, and never two at a time', () => {
    const [one, other] = [1, 2].map((byte) =>
      BodyMemory.of(Buffer.alloc(200_000, byte), Buffer.alloc(100_000)),
    );
    expect([one?.bytes[0], other?.bytes[0], one?.bytes.length]).toEqual([1, 2, 300_000]);
    expect(BodyMemory.again(300_000)).toBeUndefined();
    const buffer = one?.bytes.buffer;
    one?.giveBack();
    one?.giveBack();
    const next = BodyMemory.again(280_000);
    expect([next?.bytes.buffer, next?.bytes.length]).toEqual([buffer, 280_000]);
    expect(BodyMemory.again(280_000)).toBeUndefined();
    expect(other?.bytes[0]).toBe(2);
  });

  it('is kept of long bodies only', () => {
    for (let turn = 0; turn < 1_000; turn += 1) BodyMemory.of(Buffer.from('{}')).giveBack();
    expect(BodyMemory.again(2)).toBeUndefined();
    const short = BodyMemory.of(Buffer.alloc(60_000));
    short.giveBack();
    expect(BodyMemory.again(60_000)).toBeUndefined();
    expect(BodyMemory.again(70_000)).toBeUndefined();
  });
});
