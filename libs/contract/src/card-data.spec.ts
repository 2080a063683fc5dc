import { holdsCardData } from './card-data.js';

const status = (data: unknown, more: object = {}) =>
  JSON.stringify({
    status: 'COMPLETED',
    createdOn: '2026-11-24T09:00:00.123Z',
    updatedOn: '2018-05-28T19:07:50.328+0000',
    data,
    ...more,
  });

const details = (statusDetails: string) => status({}, { statusDetails });
const UUID = '0b0db90a-6091-416f-8559-2f2181e941c3';

describe('holdsCardData', () => {
  it.each([
    ['a plain status', status({ copiesRemaining: 0 })],
    ['no answers of a chip', status({ copiesRemaining: 3, smartcardResponses: [] })],
    ['none at all', status({ smartcardResponses: null, magstripe: {}, track1: '' })],
    ['empty members in a wide hand', '{ "data" : { "smartcardResponses" : [ \n ] , "print":{\t} } }'],
    ['words of the printer', status({}, { statusDetails: 'The ribbon is empty: load 1 "YMCKT" (code 105)' })],
    ['nothing', 'null'],
    ['the id of a job in them', details(`Job ${UUID} failed at the laminator`)],
    ['an id in capitals, in braces', details(`added {${UUID.toUpperCase()}}`)],
    ['several ids', details(`${UUID}, ${UUID}: paused by job ${UUID}`)],
    ['the address of a job', status({ link: `https://x.example/api/web/v1/printers/print/${UUID}` })],
    ['a time in words', details('since 2026-11-24 09:00:00 offline, last seen 2018-05-28T19:07:50+0000')],
    ['the line of a log', details('2026-11-24 09:00:00: the ribbon is empty')],
    ['a day and an hour', details('expires 2026-12-31 24:00')],
    ['an address and a version', details('192.168.110.212 with 12.10.2003')],
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
    ['an APDU beside an id', details(`job ${UUID}: 00A40400`)],
    ['an APDU right before an id', details(`00A4${UUID}`)],
    ['an answer right behind an id', details(`${UUID}9000`)],
    ['an answer at an id by a dash', details(`${UUID}-6A82`)],
    ['an APDU that ids cut into pieces', details(`00A4 ${UUID} 0400 ${UUID} 07`)],
    ['an APDU around a time', details('00A4 2026-11-24 09:00:00 0400')],
    ['an id of another length', details(`${UUID}0`)],
    ['sixteen bytes that are no id of RFC 9562', details('00a40400-07a0-0000-0003-080000100001')],
    ['bytes with dashes', details('got 00-A4-04-00')],
    ['bytes with colons', details('got 6f:1a:84:0e')],
    ['bytes with commas and spaces', details('got 6F, 1A, 84, 0E')],
    ['bytes with tabs and lines', details('got 6F\t1A\n84\r\n0E')],
    ['bytes as C writes them', details('got 0x6F 0x1A 0x84 0x0E')],
    ['bytes as a shell writes them', details(String.raw`got \x6F\x1A\x84\x0E`)],
    ['bytes in brackets', details('got <6F><1A><84><0E>')],
    ['bytes in a list of texts', details(`got ['6F','1A','84','0E']`)],
    ['bytes with a dash of typographers', details('got 6F–1A–84–0E')],
    ['bytes that begin like a time', details('got 2026-11-24 00:04:00:07')],
    ['groups of bytes', details('got 00A4:0400')],
    ['the number of a card with dashes', details('4111-1111-1111-1111')],
    ['the number of a card in other groups', details('3782-822463-10005')],
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
