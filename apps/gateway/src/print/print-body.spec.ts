import { plainToInstance } from 'class-transformer';
import { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import { printBody } from './print-body.js';

const request = (members: object) => plainToInstance(BasicPrintRequest, members);

describe('the body of a print', () => {
  it.each([
    ['nothing', {}],
    ['an image', { print: { front: [{ data: 'data:image/png;base64,iVBORw0KGgo=', layer: 'COLOR' }] } }],
    ['many images', { print: { front: [{ data: 'AA==' }, { data: 'AAAA' }], back: [{ data: '_-A=' }] } }],
    [
      'letters beyond ASCII',
      { exceptionSlotMessage: 'José "€" \u0000', print: { back: [{ data: 'AAAA' }] } },
    ],
    ['`data` that is no image', { billing: { segmentId: 'data' }, smartcard: { apdus: [{ data: '\n' }] } }],
  ])('with %s is what JSON.stringify writes', (_, members) => {
    expect(Buffer.concat(printBody(request(members))).toString()).toBe(JSON.stringify(request(members)));
  });
});
