import type { PrintStatusId } from '#libs/contract';
import { printedResponse } from './print-operation-response.js';

const ID = '2f6c1c52-5f0e-4f3b-9a55-4f3f5a8c0d11' as PrintStatusId;
const OURS = { printStatus: { id: ID, link: `/api/web/v1/printers/print/${ID}` } };
const answerTo = (answer?: unknown) => JSON.parse(printedResponse(ID, answer).body) as unknown;

describe('the answer to a print', () => {
  it('has the members that a newer version of the upstream adds', () => {
    const answer = {
      printStatus: { id: ID.toUpperCase(), link: 'x', position: 3 },
      warnings: ['ribbon low'],
    };
    expect(answerTo(answer)).toEqual({
      printStatus: { ...OURS.printStatus, position: 3 },
      warnings: ['ribbon low'],
    });
  });

  it.each([
    ['an address', { self: 'https://customer.us.trustedauth.com/x' }],
    ['card data', { smartcardResponses: [{ response: '9000' }] }],
    ['a track', { note: 'B4111111111111111' }],
    ['a number that lost digits', { big: 9_223_372_036_854_776_000 }],
    ['what is long', { note: 'x '.repeat(600) }],
    ['the id and the link of another', { printStatus: { id: 'x', link: 'https://x' } }],
  ])('has nothing of %s', (_, answer) => {
    expect(answerTo(answer)).toEqual(OURS);
    expect(answerTo({ printStatus: { ...answer, ...(answer as typeof OURS).printStatus } })).toEqual(OURS);
  });

  it.each([undefined, null, [], 'x', { printStatus: null }])('is whole without an answer: %j', (answer) =>
    expect(answerTo(answer)).toEqual(OURS),
  );
});
