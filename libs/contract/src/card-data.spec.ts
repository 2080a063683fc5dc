import { holdsCardData } from './card-data.js';

const status = (data: unknown, more: object = {}) =>
  JSON.stringify({
    status: 'COMPLETED',
    createdOn: '2026-11-24T09:00:00.123Z',
    updatedOn: '2018-05-28T19:07:50.328+0000',
    data,
    ...more,
  });

describe('holdsCardData', () => {
  it.each([
    ['a plain status', status({ copiesRemaining: 0 })],
    ['no answers of a chip', status({ copiesRemaining: 3, smartcardResponses: [] })],
    ['none at all', status({ smartcardResponses: null, magstripe: {}, track1: '' })],
    ['empty members in a wide hand', '{ "data" : { "smartcardResponses" : [ \n ] , "print":{\t} } }'],
    ['words of the printer', status({}, { statusDetails: 'The ribbon is empty: load 1 "YMCKT" (code 105)' })],
    ['nothing', 'null'],
  ])('says no to %s', (_, json) => {
    expect(holdsCardData(json)).toBe(false);
  });

  it.each([
    ['answers of a chip', status({ smartcardResponses: [{ response: '9000' }] })],
    ['answers of any form', status({ smartcardResponses: '9000' })],
    ['an empty answer', status({ smartcardResponses: [{}] })],
    [
      'a name that is written with escapes',
      status({}).replace('"data":{}', '"\\u0073martcard\\u0052esponses":[1]'),
    ],
    [
      'a member that another of the same name hides',
      '{"data":{"smartcardResponses":[{"response":"AF"}]},"data":{}}',
    ],
    ['an answer somewhere else', status({ more: [[{ deep: { response: 'AF' } }]] })],
    ['a member of a later version', status({ lastSmartcardResponse: 'AF' })],
    ['a command', status({ commands: [{ command: '00A4', type: 'APDU' }] })],
    ['a track', status({}, { magstripe: { front: { track2: '1' } } })],
    ['a track alone', status({ track1: 'B4' })],
    ['an image', status({ image: 'iVBO' })],
    [
      'an APDU in the words of the printer',
      status({}, { statusDetails: 'unexpected 6A82 after 00 A4 04 00 07' }),
    ],
    ['a track in them', status({}, { statusDetails: 'B4111111111111111^CARDHOLDER^2912' })],
    ['what is too long to be words', status({}, { statusDetails: 'xyz'.repeat(400) })],
  ])('says yes to %s', (_, json) => {
    expect(JSON.parse(json)).toBeDefined();
    expect(holdsCardData(json)).toBe(true);
  });

  it('takes a time that grows with the length of the answer', () => {
    const long = status(
      {},
      { x: '\\"'.repeat(500_000), y: Array.from({ length: 50_000 }, (_, i) => ({ [`z${i}`]: [] })) },
    );
    const startedAt = performance.now();
    expect(holdsCardData(long)).toBe(true);
    expect(holdsCardData(`[${'[],'.repeat(500_000)}0]`)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
