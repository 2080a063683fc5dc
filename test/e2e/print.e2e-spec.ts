import { TestEnvironment } from '../support/test-environment.js';
import { base64, dataUri, jpeg, png, printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

describe('print', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open()));
  afterAll(() => env.close());
  beforeEach(() => env.emulator.reset());

  it('answers 200 with the id of a job that the upstream knows, and the gateway’s own link to it', async () => {
    const response = await env.as('olga').post(printPath(), printRequest());
    expect(response.status).toBe(200);
    const { id, link } = response.body.printStatus;
    expect(link).toBe(`/api/web/v1/printers/print/${id}`);
    expect((await env.as('olga').get(link)).status).toBe(200);
  });

  it('prints as many cards as the request asks for', async () => {
    const request = printRequest({ printerPreferences: { copies: 3 }, billing: { segmentId: 'CUST-1' } });
    await env.as('olga').post(printPath(), request);
    await env.emulator.advance(120_000);
    const cards = await env.emulator.ledger();
    expect(cards.map(({ printerId, segmentId }) => [printerId, segmentId])).toEqual(
      Array(3).fill([fixtures.printer, 'CUST-1']),
    );
  });

  it('takes every member that the vendor’s document has', async () => {
    const image = { data: dataUri(png()), layer: 'UV', enhanceBlackLayer: true };
    const stripe = { coercivity: 'HIGH', track1: '2542', track2: '3B31', track3: '00', trackType: 'IAT' };
    const laminators = { Laminator1: 'APPLY_ONCE', Laminator2: 'DO_NOT_APPLY' };
    const flags = [
      'frontRotate180',
      'backRotate180',
      'barCodesMonochrome',
      'blackPixelsMonochrome',
      'debow',
      'rewrite',
    ];
    const topcoats = ['topcoat', 'topcoatFront', 'topcoatBack'];
    const response = await env.as('olga').post(printPath(), {
      billing: { segmentId: 'CUST-123455' },
      exceptionSlotMessage: 'x'.repeat(45),
      hopper: 0,
      magstripe: { front: stripe, back: {} },
      print: { front: [image], back: [{ data: base64(jpeg()) }] },
      printerPreferences: {
        ...Object.fromEntries([...flags, ...topcoats].map((name) => [name, true])),
        ...{
          frontOrientation: 'PORTRAIT',
          backOrientation: 'LANDSCAPE',
          copies: 1,
          disablePrinting: 'false',
        },
        ...{ inputHopper: 2, lamination: { front: laminators, back: laminators }, printResolution: 'BEST' },
        ...{ splitRibbon: 'MTT_FRONT_K_BACK', tactileFront: '3', tactileBack: 'true' },
      },
      smartcard: {
        commands: [{ type: 'APDU', command: 'FD3500000100', resultMatcher: '9*' }],
        multistep: false,
      },
    });
    expect(response.body).toMatchObject({ printStatus: { id: expect.any(String) } });
  });

  it.each([
    ['a PNG as data URI', dataUri(png())],
    ['a bare JPEG', base64(jpeg())],
    ['a JPEG labelled as PNG', dataUri(jpeg())],
    ['the vendor’s own form, without "base64,"', `data:image/png;${base64(png())}`],
    ['the URL-safe alphabet', png(40, 40).toString('base64url')],
    ['an image as large as allowed', dataUri(png(4096, 1))],
  ])('takes %s as an image, whatever its label says', async (_, data) => {
    expect((await env.as('olga').post(printPath(), { print: { front: [{ data }] } })).status).toBe(200);
  });

  it('lets a supervisor print on any printer', async () => {
    const response = await env
      .as('sonja')
      .post(printPath(fixtures.otherPrinter), printRequest(), keyHeader());
    expect(response.status).toBe(200);
  });

  it('lets a partner print with client credentials', async () => {
    const response = await env.with(env.tokenOfPartner()).post(printPath(), printRequest());
    expect(response.status).toBe(200);
  });
});
