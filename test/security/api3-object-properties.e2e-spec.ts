import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { everyOperation } from '../support/operations.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

type Members = Record<string, unknown>;

/** Every object in a value, with where it stands. */
function objectsIn(value: unknown, path = ''): [string, Members][] {
  if (typeof value !== 'object' || value === null) return [];
  const within = Object.entries(value).flatMap(([name, member]) => objectsIn(member, `${path}/${name}`));
  return Array.isArray(value) ? within : [[path, value as Members], ...within];
}

/** OWASP API3:2023, Broken Object Property Level Authorization. */
describe('API3, properties', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({ policy: withoutQuotas });
  });
  afterAll(() => env.close());

  const whole = () =>
    printRequest({
      billing: { segmentId: 's' },
      magstripe: { front: { track1: 'A' }, back: { track2: 'B' } },
      printerPreferences: { copies: 1, lamination: { front: { Laminator1: 'APPLY_ONCE' } } },
      smartcard: { commands: [{ type: 'APDU', command: '00' }] },
    });
  /** What would be worth setting, if it could be. */
  const WISHES = [
    'id',
    'owner',
    'tenant',
    'roles',
    'printerId',
    'status',
    'priority',
    'isAdmin',
    '$set',
    'toJSON',
  ];

  it('a print takes no property that is not its own, wherever it stands', async () => {
    const before = await env.emulator.callsOf('print');
    const places = objectsIn(whole()).map(([path]) => path);
    expect(places.length).toBeGreaterThan(8);
    for (const place of places)
      for (const name of WISHES) {
        const body = whole();
        const object = objectsIn(body).find(([path]) => path === place)?.[1];
        if (object) object[name] = name;
        const response = await env.as('anna').post(printPath(), body);
        expect([place, name, response.status]).toEqual([place, name, 400]);
      }
    expect(await env.emulator.callsOf('print')).toBe(before);
  });

  it('a printer shows what a caller needs to choose it, and nothing that names the device to the upstream', async () => {
    const hidden = ['certificate', 'deviceId', 'serialNumber', 'firmware', 'ribbonId', 'scSimulator'];
    for (const path of [fixtures.printers, `${fixtures.printers}/${fixtures.printer}`]) {
      const { status, text } = await env.as('olga').get(path);
      expect(status).toBe(200);
      for (const name of hidden) expect(text).not.toContain(name);
    }
  });

  it('no answer names the upstream’s address', async () => {
    const printed = await env.as('anna').post(printPath(), whole());
    const id = printed.body.printStatus.id as string;
    expect(printed.body.printStatus.link).toBe(statusPath(id));
    const reads = everyOperation().filter(({ method, name }) => method === 'GET' && name !== 'followJob');
    const upstream = new URL(env.emulator.url).host;
    for (const { path } of reads) {
      const answer = await env
        .as('anna')
        .get(path.replace('{printStatusId}', id).replace('{printerId}', fixtures.printer));
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.text + JSON.stringify(answer.headers)).not.toContain(upstream);
    }
  });

  it('/me tells nobody about anybody else', async () => {
    await env.as('oscar').post(printPath(), printRequest());
    const { text } = await env.as('olga').get('/api/gateway/v1/me');
    for (const other of ['oscar', 'globex', 'supervisor', 'administrator']) expect(text).not.toContain(other);
  });

  describe('null', () => {
    const post = (body: string) =>
      env.as('olga').post(printPath(), body, { 'content-type': 'application/json' });

    it('is a member that is not there', async () => {
      const answer = await env.as('olga').post(printPath(), {
        billing: null,
        exceptionSlotMessage: null,
        hopper: null,
        magstripe: { front: null, back: { track1: 'A', track2: null } },
        print: { ...printRequest().print, back: null },
        printerPreferences: { topcoatFront: null, lamination: { front: { Laminator1: null } } },
        smartcard: null,
      });
      expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
      // What is not there needs no role.
      const featureless = printRequest({ magstripe: null, smartcard: null });
      const token = await env.tokenOfPartner();
      expect((await env.with(token).post(printPath(), featureless)).status).toBe(200);
    });

    it('leaves a card blank', async () => {
      expect((await post('{"print":null}')).body).toMatchObject({ type: '/problems/blank-card' });
    });

    it.each([
      ['the body', 'null'],
      ['an image', '{"print":{"front":[{"data":null}]}}'],
      ['an element', '{"print":{"front":[null]}}'],
      ['a member that nobody knows', '{"coupon":null}'],
      ['__proto__', '{"__proto__":null}'],
    ])('is refused in the place of %s', async (_, body) => {
      expect((await post(body)).status).toBe(400);
    });
  });
});
