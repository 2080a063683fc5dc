import { randomUUID } from 'node:crypto';
import { ANY_RATE, House } from '../support/house.js';
import { TestIssuer } from '../support/issuer.js';
import { printRequest, someKey } from '../support/some.js';
import { printPath, the } from '../support/the.js';

const ME = '/api/gateway/v1/me';

describe('me', () => {
  let house: House;
  let issuer: TestIssuer;
  let key: Awaited<ReturnType<TestIssuer['publishKey']>>;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('me');
    const issuers = `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks' }`;
    house = await House.open({
      policy: (yaml) => yaml.replaceAll(ANY_RATE, 'requestsPerMinute: 500').replace('issuers:', issuers),
    });
  });
  afterAll(async () => {
    await house.close();
    await issuer.stop();
  });

  const me = async (who: string) => (await house.as(who).get(ME)).body as Record<string, unknown>;

  it('tells who the caller is, and what each of their roles allows, where and how much', async () => {
    const response = await house.as('olga').get(ME);
    expect(response.status).toBe(200);
    const permissions = expect.arrayContaining(['ISSUANCE:ADD', 'PRINTERS:VIEW', 'REPORTS:VIEW']);
    expect(response.body).toEqual({
      issuer: house.idpUrl,
      subject: 'olga',
      tenant: 'acme',
      roles: ['card-operator'],
      permissions,
      statements: [
        {
          role: 'card-operator',
          permissions,
          printers: expect.arrayContaining([{ id: the.printer, name: 'Printer 1' }]),
          features: ['print', 'magstripe', 'smartcard'],
          jobs: 'own',
          requiresIdempotencyKey: false,
          allowBlank: false,
          limits: { copies: 5, requestsPerMinute: 500, cardsPerDay: { limit: 200, left: 200 } },
        },
      ],
      cardsToday: { used: 0, resetsAt: expect.stringMatching(/T00:00:00\.000Z$/) },
      warnings: [],
    });
  });

  it('joins nothing of two roles but their permissions', async () => {
    const token = issuer.sign(key, { sub: 'two', roles: ['viewer', 'partner', 'none'] });
    const { body } = await house.with(token).get(ME);
    expect(body).toMatchObject({
      roles: ['partner', 'viewer'],
      permissions: expect.arrayContaining(['ISSUANCE:ADD', 'REPORTS:VIEW']),
      statements: [
        { role: 'partner', features: ['print'], limits: { cardsPerDay: { limit: 50, left: 50 } } },
        { role: 'viewer', features: [], limits: { cardsPerDay: null } },
      ],
    });
    expect(body).not.toHaveProperty('limits');
  });

  it('counts the cards of the day, and nothing that was refused', async () => {
    const request = printRequest({ printerPreferences: { copies: 3 } });
    const key = someKey(randomUUID());
    for (let i = 0; i < 3; i += 1) await house.as('otto').post(printPath(), request, key);
    expect(await me('otto')).toMatchObject({
      statements: [{ limits: { cardsPerDay: { limit: 200, left: 197 } } }],
      cardsToday: { used: 3 },
    });
  });

  it('has no list of printers where all may be used, and null where there is no limit', async () => {
    expect(await me('anna')).toMatchObject({
      statements: [{ jobs: 'any', printers: '*', limits: { cardsPerDay: null, requestsPerMinute: null } }],
      cardsToday: null,
    });
  });

  it('is for everybody who is known, also for who may do nothing', async () => {
    expect(await me('nobody')).toMatchObject({
      subject: 'nobody',
      roles: [],
      permissions: [],
      statements: [],
    });
    expect((await house.anyone.get(ME)).status).toBe(401);
  });

  it('is not sent again to who has it, and is another when the policy is', async () => {
    const { etag } = (await house.as('victor').get(ME)).headers as { etag: string };
    expect((await house.as('victor').get(ME, { 'if-none-match': etag })).status).toBe(304);
    house.writePolicy((yaml) => yaml.replace('features: []', 'features: [magstripe]'));
    for (let status = 304; status !== 200;)
      ({ status } = await house.as('victor').get(ME, { 'if-none-match': etag }));
    expect(await me('victor')).toMatchObject({ statements: [{ features: ['magstripe'] }] });
  });

  it('leaves out the printers’ names that cannot be had', async () => {
    const other = await House.open();
    await other.emulator.fault({ operation: 'readPrinters', kind: 'status', status: 500 });
    const { body, status } = await other.as('olga').get(ME);
    expect(status).toBe(200);
    expect(body.statements[0].printers).toContainEqual({ id: the.printer, name: null });
    await other.close();
  });
});
