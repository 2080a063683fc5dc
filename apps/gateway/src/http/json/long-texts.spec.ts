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
    const [one, other] = [BodyMemory.take(300_000), BodyMemory.take(300_000)];
    one.bytes.fill(1);
    other.bytes.fill(2);
    expect([one.bytes[0], other.bytes[0], one.bytes.length]).toEqual([1, 2, 300_000]);
    const { buffer } = one.bytes;
    one.giveBack();
    one.giveBack();
    const [next, afterThat] = [BodyMemory.take(280_000), BodyMemory.take(280_000)];
    expect(next.bytes.buffer).toBe(buffer);
    expect(afterThat.bytes.buffer).not.toBe(buffer);
    expect(afterThat.bytes.buffer).not.toBe(other.bytes.buffer);
  });
});
