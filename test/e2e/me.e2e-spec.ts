import { randomUUID } from 'node:crypto';
import { ANY_RATE, TestEnvironment } from '../support/test-environment.js';
import { TestIssuer } from '../support/issuer.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

const ME = '/api/gateway/v1/me';

describe('me', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Awaited<ReturnType<TestIssuer['publishKey']>>;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('me');
    const issuers = `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks' }`;
    env = await TestEnvironment.open({
      policy: (yaml) => yaml.replaceAll(ANY_RATE, 'requestsPerMinute: 500').replace('issuers:', issuers),
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const me = async (who: string) => (await env.as(who).get(ME)).body as Record<string, unknown>;

  it('tells who the caller is, and what each of their roles allows, where and how much', async () => {
    const response = await env.as('olga').get(ME);
    expect(response.status).toBe(200);
    const permissions = expect.arrayContaining(['ISSUANCE:ADD', 'PRINTERS:VIEW', 'REPORTS:VIEW']);
    expect(response.body).toEqual({
      issuer: env.idpUrl,
      subject: 'olga',
      tenant: 'acme',
      roles: ['card-operator'],
      permissions,
      statements: [
        {
          role: 'card-operator',
          permissions,
          printers: expect.arrayContaining([{ id: fixtures.printer, name: 'Printer 1' }]),
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
    const { body } = await env.with(token).get(ME);
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
    const key = keyHeader(randomUUID());
    for (let i = 0; i < 3; i += 1) await env.as('otto').post(printPath(), request, key);
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
    expect((await env.anyone.get(ME)).status).toBe(401);
  });

  it('is not sent again to who has it, and is another when the policy is', async () => {
    const { etag } = (await env.as('victor').get(ME)).headers as { etag: string };
    expect((await env.as('victor').get(ME, { 'if-none-match': etag })).status).toBe(304);
    env.writePolicy((yaml) => yaml.replace('features: []', 'features: [magstripe]'));
    for (let status = 304; status !== 200;)
      ({ status } = await env.as('victor').get(ME, { 'if-none-match': etag }));
    expect(await me('victor')).toMatchObject({ statements: [{ features: ['magstripe'] }] });
  });

  it('leaves out the printers’ names that cannot be had', async () => {
    const other = await TestEnvironment.open();
    await other.emulator.fault({ operation: 'readPrinters', kind: 'status', status: 500 });
    const { body, status } = await other.as('olga').get(ME);
    expect(status).toBe(200);
    expect(body.statements[0].printers).toContainEqual({ id: fixtures.printer, name: null });
    await other.close();
  });
});
