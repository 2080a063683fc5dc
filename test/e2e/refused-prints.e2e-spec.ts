import { TestEnvironment } from '../support/test-environment.js';
import { dataUri, jpeg, png, printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a print is refused', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open()));
  afterAll(() => env.close());
  beforeEach(() => env.emulator.reset());

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
  ])('for %s as an image, whatever its label says', async (_, data) => {
    const response = await env.as('olga').post(printPath(), { print: { front: [{ data }] } });
    expect(response.status).toBe(400);
    expect(response.body.violations[0].path).toBe('print.front[0].data');
    expect(await env.emulator.callsOf('print')).toBe(0);
  });

  describe('naming every violated field by its path:', () => {
    it.each<[string, Record<string, unknown>]>([
      ['billing.segmentId', { billing: { segmentId: 7 } }],
      ['exceptionSlotMessage', { exceptionSlotMessage: 'x'.repeat(46) }],
      ['hopper', { hopper: 1.5 }],
      ['hopper', { hopper: 2 ** 31 }],
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
      ['toString', { toString: {} }],
      ['billing.hasOwnProperty', { billing: { hasOwnProperty: 'x' } }],
      ['smartcard.commands[0].valueOf', { smartcard: { commands: [{ valueOf: 1 }] } }],
      ['print.__proto__', { print: JSON.parse('{"__proto__":{"front":[]}}') as object }],
      ['print.front', { print: { front: Array.from({ length: 17 }, () => ({ data: dataUri(png()) })) } }],
      [
        'smartcard.commands',
        { smartcard: { commands: Array.from({ length: 65 }, () => ({ type: 'APDU', command: '00' })) } },
      ],
      ['exceptionSlotMessage', { exceptionSlotMessage: 'half of \ud83d' }],
    ])('%s', async (path, request) => {
      const response = await env.as('olga').post(printPath(), request);
      expect(response.status).toBe(400);
      const violations = response.body.violations as { path: string }[];
      expect(violations.map((each) => each.path)).toContain(path);
      expect(await env.emulator.callsOf('print')).toBe(0);
    });

    it('and never repeating a value', async () => {
      const response = await env
        .as('olga')
        .post(printPath(), { magstripe: { front: { track1: ['4111111111111111'] } } });
      expect(response.status).toBe(400);
      expect(response.text).not.toContain('4111111111111111');
    });

    it.each([
      ['stands twice', (name: string) => `{"${name}":1,"${name}":2}`],
      ['holds what is nested too deep', (name: string) => `{"${name}":${'['.repeat(20)}`],
      ['is not known', (name: string) => `{"${name}":1}`],
    ])('and no more of a name than helps where it %s', async (_, bodyWith) => {
      const response = await env.as('olga').post(printPath(), bodyWith('x'.repeat(30_000)), JSON_TYPE);
      expect([response.status, response.body.type]).toEqual([400, '/problems/invalid-request']);
      expect(response.body.target).toMatch(/^x+$/);
      expect(response.text.length).toBeLessThan(2_000);
      expect(env.output).not.toContain('x'.repeat(1_000));
    });

    it('but at most a hundred of them', async () => {
      const commands = Array.from({ length: 64 }, () => ({ type: 1, command: 2 }));
      const response = await env.as('olga').post(printPath(), { smartcard: { commands } });
      expect(response.body.violations).toHaveLength(100);
      expect(response.body.detail).toContain('128');
    });
  });

  it.each([['[]'], ['null'], ['"text"'], ['']])('for the body %s, which is no object', async (body) => {
    const response = await env.as('olga').post(printPath(), body, JSON_TYPE);
    expect(response.status).toBe(400);
    expect(await env.emulator.callsOf('print')).toBe(0);
  });

  it.each<[string, string | Buffer, number, string, RegExp]>([
    ['a name that stands twice', '{"hopper":1,"hopper":2}', 400, 'invalid-request', /hopper/],
    ['too great a number', '{"hopper":1e400}', 400, 'invalid-request', /hopper/],
    ['a number of many digits', '{"hopper":1.0000000000000000000001}', 400, 'malformed-request', /17/],
    ['Latin-1', Buffer.from('{"exceptionSlotMessage":"Zoë"}', 'latin1'), 400, 'malformed-request', /UTF-8/],
    ['UTF-16', Buffer.from('{"hopper":1}', 'utf16le'), 400, 'malformed-request', /UTF-8/],
    ['a NUL', '{"exceptionSlotMessage":"\0"}', 400, 'malformed-request', /JSON/],
    [
      'more than 64 kB beside its images',
      JSON.stringify({ billing: { segmentId: 'x'.repeat(66_000) } }),
      413,
      'body-too-large',
      /besides images.* 65536 bytes/,
    ],
  ])('for a body with %s', async (_, body, status, problem, detail) => {
    const response = await env.as('olga').post(printPath(), body, JSON_TYPE);
    expect([response.status, response.body.type]).toEqual([status, `/problems/${problem}`]);
    expect(response.body.detail).toMatch(detail);
    expect(await env.emulator.callsOf('print')).toBe(0);
  });

  it.each([
    ['Content-Encoding', { 'content-encoding': 'gzip' }, /Content-Encoding/],
    ['a charset', { 'content-type': 'application/json; charset="iso-8859-1"' }, /UTF-8/],
  ])('for %s that it does not read', async (_, headers, detail) => {
    const response = await env.as('olga').post(printPath(), printRequest(), headers);
    expect([response.status, response.body.type]).toEqual([415, '/problems/unsupported-media-type']);
    expect(response.body.detail).toMatch(detail);
  });

  it.each([
    ['{}', {}],
    ['print: {}', { print: {} }],
    ['an empty side', { print: { front: [] }, printerPreferences: { copies: 2, topcoat: true } }],
    ['printing that is off', printRequest({ printerPreferences: { disablePrinting: 'ALL' } })],
    ['magstripe without a track', { magstripe: { front: { coercivity: 'HIGH' } } }],
    ['smartcard without a command', { smartcard: { commands: [] } }],
  ])('with 400 for a card that would be blank: %s', async (_, request) => {
    const response = await env.as('olga').post(printPath(), request);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ type: '/problems/blank-card' });
    expect(await env.emulator.callsOf('print')).toBe(0);
  });

  describe('for what is not granted, with nothing sent upstream:', () => {
    it.each([
      ['a printer outside it', 'olga', fixtures.otherPrinter, {}, 'printer-not-granted', 'printerId'],
      ['a printer that does not exist', 'olga', fixtures.unknownId, {}, 'printer-not-granted', 'printerId'],
      [
        'a magnetic stripe',
        'partner',
        fixtures.printer,
        { magstripe: {} },
        'feature-not-granted',
        'magstripe',
      ],
      ['a smart card', 'partner', fixtures.printer, { smartcard: {} }, 'feature-not-granted', 'smartcard'],
      [
        'more copies',
        'olga',
        fixtures.printer,
        { printerPreferences: { copies: 6 } },
        'copies-not-granted',
        'printerPreferences.copies',
      ],
      ['anything, for a viewer', 'victor', fixtures.printer, {}, 'permission-not-granted', undefined],
      [
        'anything, for a token without a role',
        'nobody',
        fixtures.printer,
        {},
        'permission-not-granted',
        undefined,
      ],
    ])('%s', async (_, who, printer, request, problem, target) => {
      const response = await env.with(tokenOf(env, who)).post(printPath(printer), printRequest(request));
      expect(response.status).toBe(403);
      expect(response.body).toMatchObject({ type: `/problems/${problem}` });
      expect(response.body.target).toBe(target);
      expect(await env.emulator.callsOf('print')).toBe(0);
    });
  });

  it('with 404 for a printer that the upstream does not know', async () => {
    const response = await env.as('sonja').post(printPath(fixtures.unknownId), printRequest(), keyHeader());
    expect(response.status).toBe(404);
  });
});

function tokenOf(env: TestEnvironment, who: string): Promise<string> {
  return who === 'partner' ? env.tokenOfPartner() : env.tokenOf(who);
}
