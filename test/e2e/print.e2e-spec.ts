import { House } from '../support/house.js';
import { base64, dataUri, jpeg, png, printRequest, someKey } from '../support/some.js';
import { printPath, the } from '../support/the.js';

describe('print', () => {
  let house: House;
  beforeAll(async () => (house = await House.open()));
  afterAll(() => house.close());
  beforeEach(() => house.emulator.reset());

  it('answers 200 with the id of a job that the upstream knows, and the gateway’s own link to it', async () => {
    const response = await house.as('olga').post(printPath(), printRequest());
    expect(response.status).toBe(200);
    const { id, link } = response.body.printStatus;
    expect(link).toBe(`/api/web/v1/printers/print/${id}`);
    expect((await house.as('olga').get(link)).status).toBe(200);
  });

  it('prints as many cards as the request asks for', async () => {
    const request = printRequest({ printerPreferences: { copies: 3 }, billing: { segmentId: 'CUST-1' } });
    await house.as('olga').post(printPath(), request);
    await house.emulator.advance(120_000);
    const cards = await house.emulator.ledger();
    expect(cards.map(({ printerId, segmentId }) => [printerId, segmentId])).toEqual(
      Array(3).fill([the.printer, 'CUST-1']),
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
    const response = await house.as('olga').post(printPath(), {
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
        ...{ inputHopper: 6, lamination: { front: laminators, back: laminators }, printResolution: 'BEST' },
        ...{ splitRibbon: 'MTT_FRONT_K_BACK', tactileFront: '3', tactileBack: 'true' },
      },
      smartcard: {
        commands: [{ type: 'APDU', command: 'FD3500000100', resultMatcher: '9*' }],
        multistep: false,
      },
    });
    expect(response.body).toMatchObject({ printStatus: { id: expect.any(String) } });
  });

  describe('looks at an image’s bytes, not at its label', () => {
    const anImage = (data: unknown) => ({ print: { front: [{ data }] } });

    it.each([
      ['a PNG as data URI', dataUri(png())],
      ['a bare JPEG', base64(jpeg())],
      ['a JPEG labelled as PNG', dataUri(jpeg())],
      ['the vendor’s own form, without "base64,"', `data:image/png;${base64(png())}`],
      ['the URL-safe alphabet', png(40, 40).toString('base64url')],
      ['an image as large as allowed', dataUri(png(4096, 1))],
    ])('takes %s', async (_, data) => {
      expect((await house.as('olga').post(printPath(), anImage(data))).status).toBe(200);
    });

    it.each([
      ['a GIF labelled as PNG', dataUri(Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'))],
      ['text', dataUri(Buffer.from('no image at all'))],
      ['nothing behind the label', 'data:image/png;base64,'],
      ['what is no base64', 'data:image/png;base64,!!!!'],
      ['a PNG that is cut off', dataUri(png(30, 30).subarray(0, -20))],
      ['a JPEG that is cut off', dataUri(jpeg().subarray(0, -10))],
      ['an image that is too wide', dataUri(png(4097, 1))],
      ['an image that is too high', dataUri(png(1, 4097))],
      ['a number', 7],
    ])('refuses %s', async (_, data) => {
      const response = await house.as('olga').post(printPath(), anImage(data));
      expect(response.status).toBe(400);
      expect(response.body.violations[0].path).toBe('print.front[0].data');
      expect(await house.emulator.callsOf('print')).toBe(0);
    });
  });

  describe('names every violated field by its path', () => {
    it.each<[string, Record<string, unknown>]>([
      ['billing.segmentId', { billing: { segmentId: 7 } }],
      ['exceptionSlotMessage', { exceptionSlotMessage: 'x'.repeat(46) }],
      ['hopper', { hopper: 1.5 }],
      ['hopper', { hopper: 2 ** 31 }],
      ['hopper', { hopper: null }],
      ['magstripe', { magstripe: [] }],
      ['magstripe.front.coercivity', { magstripe: { front: { coercivity: 'MEDIUM' } } }],
      ['magstripe.back.track2', { magstripe: { back: { track2: 12 } } }],
      ['print.front', { print: { front: {} } }],
      [
        'print.back[1].layer',
        { print: { back: [{ data: dataUri(png()) }, { data: dataUri(png()), layer: 'RED' }] } },
      ],
      [
        'print.front[0].enhanceBlackLayer',
        { print: { front: [{ data: dataUri(png()), enhanceBlackLayer: 'yes' }] } },
      ],
      ['print.sides', { print: { sides: 2 } }],
      ['printerPreferences.copies', { printerPreferences: { copies: 0 } }],
      ['printerPreferences.copies', { printerPreferences: { copies: 100_001 } }],
      ['printerPreferences.copies', { printerPreferences: { copies: '3' } }],
      ['printerPreferences.inputHopper', { printerPreferences: { inputHopper: 7 } }],
      ['printerPreferences.splitRibbon', { printerPreferences: { splitRibbon: false } }],
      ['printerPreferences.disablePrinting', { printerPreferences: { disablePrinting: 'NONE' } }],
      ['printerPreferences.tactileFront', { printerPreferences: { tactileFront: 1 } }],
      [
        'printerPreferences.lamination.front.Laminator1',
        { printerPreferences: { lamination: { front: { Laminator1: 'ON' } } } },
      ],
      ['smartcard.commands[0].command', { smartcard: { commands: [{ type: 'APDU', command: 'GO' }] } }],
      ['smartcard.commands[0].type', { smartcard: { commands: [{ command: '00' }] } }],
      [
        'smartcard.commands[0].resultMatcher',
        { smartcard: { commands: [{ type: 'APDU', command: '', resultMatcher: '?' }] } },
      ],
      ['unknown', { unknown: true }],
      ['print.constructor', { print: { constructor: {} } }],
      ['print.front[0].prototype', { print: { front: [{ prototype: 1 }] } }],
    ])('%s', async (path, request) => {
      const response = await house.as('olga').post(printPath(), request);
      expect(response.status).toBe(400);
      const violations = response.body.violations as { path: string }[];
      expect(violations.map((each) => each.path)).toContain(path);
      expect(await house.emulator.callsOf('print')).toBe(0);
    });

    it('never repeats a value', async () => {
      const response = await house
        .as('olga')
        .post(printPath(), { magstripe: { front: { track1: ['4111111111111111'] } } });
      expect(response.status).toBe(400);
      expect(response.text).not.toContain('4111111111111111');
    });

    it('lists at most a hundred of them', async () => {
      const front = Array.from({ length: 500 }, () => ({ data: 1 }));
      const response = await house.as('olga').post(printPath(), { print: { front } });
      expect(response.body.violations).toHaveLength(100);
      expect(response.body.detail).toContain('500');
    });
  });

  it.each([['[]'], ['null'], ['"text"'], ['']])('refuses the body %s, which is no object', async (body) => {
    const response = await house.anyone
      .post(printPath())
      .set('authorization', `Bearer ${await house.tokenOf('olga')}`)
      .set('content-type', 'application/json')
      .send(body);
    expect(response.status).toBe(400);
    expect(await house.emulator.callsOf('print')).toBe(0);
  });

  describe('holds the request against the grant, and sends nothing upstream', () => {
    it.each([
      ['a printer outside it', 'olga', the.otherPrinter, {}, 'printer-not-granted', 'printerId'],
      ['a printer that does not exist', 'olga', the.unknownId, {}, 'printer-not-granted', 'printerId'],
      ['a magnetic stripe', 'partner', the.printer, { magstripe: {} }, 'feature-not-granted', 'magstripe'],
      ['a smart card', 'partner', the.printer, { smartcard: {} }, 'feature-not-granted', 'smartcard'],
      [
        'more copies',
        'olga',
        the.printer,
        { printerPreferences: { copies: 6 } },
        'copies-not-granted',
        'printerPreferences.copies',
      ],
      ['anything, for a viewer', 'victor', the.printer, {}, 'permission-not-granted', undefined],
      [
        'anything, for a token without a role',
        'nobody',
        the.printer,
        {},
        'permission-not-granted',
        undefined,
      ],
    ])('%s', async (_, who, printer, request, problem, target) => {
      const response = await house.with(tokenOf(house, who)).post(printPath(printer), printRequest(request));
      expect(response.status).toBe(403);
      expect(response.body).toMatchObject({ type: `/problems/${problem}` });
      expect(response.body.target).toBe(target);
      expect(await house.emulator.callsOf('print')).toBe(0);
    });

    it('and lets a supervisor print on any printer', async () => {
      expect(
        (await house.as('sonja').post(printPath(the.otherPrinter), printRequest(), someKey())).status,
      ).toBe(200);
    });
  });

  it('answers 404 for a printer that the upstream does not know', async () => {
    const response = await house.as('sonja').post(printPath(the.unknownId), printRequest(), someKey());
    expect(response.status).toBe(404);
  });

  it('lets a partner print with client credentials', async () => {
    const response = await house.with(tokenOf(house, 'partner')).post(printPath(), printRequest());
    expect(response.status).toBe(200);
  });
});

function tokenOf(house: House, who: string): Promise<string> {
  return who === 'partner' ? house.tokenOfPartner() : house.tokenOf(who);
}
