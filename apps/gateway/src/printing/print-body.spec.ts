import { plainToInstance } from 'class-transformer';
import { RawJsonString } from '../server/body/raw-json-string.js';
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

  it('has images that came in bytes where they stood', () => {
    const image = (data: unknown) => ({ data, layer: 'COLOR' });
    const inBytes = (text: string) => new RawJsonString(Buffer.from(text));
    const members = (first: unknown, last: unknown) =>
      request({ print: { front: [image(first), image('AA==')], back: [image(last)] } });
    const body = Buffer.concat(printBody(members(inBytes('AAAA'), inBytes('_-A=')))).toString();
    expect(body).toBe(JSON.stringify(members('AAAA', '_-A=')));
    const backFirst = { back: [{ data: inBytes('AAAA') }], front: [{ data: inBytes('_-A=') }] };
    const turned = Object.assign(request({}), { print: backFirst }) as BasicPrintRequest;
    expect(Buffer.concat(printBody(turned)).toString()).toBe(
      '{"print":{"back":[{"data":"AAAA"}],"front":[{"data":"_-A="}]}}',
    );
  });
});
