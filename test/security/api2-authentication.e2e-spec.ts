import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { newKey, TestIssuer } from '../support/issuer.js';
import { everyOperation, pathFor } from '../support/operations.js';
import { fixtures } from '../support/fixtures.js';

/** OWASP API2:2023, Broken Authentication. What a token must be is in access-tokens.e2e-spec.ts and issuer-keys.e2e-spec.ts. */
describe('API2, authentication: no operation', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let token: string;
  let forged: string;
  beforeAll(async () => {
    [env, issuer] = await Promise.all([TestEnvironment.open({ policy: withoutQuotas }), TestIssuer.start()]);
    token = await env.tokenOf('anna');
    const claims = { iss: env.idpUrl, sub: 'anna', tid: 'acme', roles: ['administrator'] };
    forged = await issuer.sign(await newKey('forged'), claims);
  });
  afterAll(() => Promise.all([env.close(), issuer.stop()]));

  const ways: [string, () => { headers?: Record<string, string>; query?: string }][] = [
    ['without a token', () => ({})],
    ['with an empty one', () => ({ headers: { authorization: 'Bearer ' } })],
    ['with one that somebody else signed', () => ({ headers: { authorization: `Bearer ${forged}` } })],
    ['with one under another scheme', () => ({ headers: { authorization: `Basic ${token}` } })],
    ['with one in the query', () => ({ query: `?access_token=${token}` })],
    [
      'with one in a cookie',
      () => ({ headers: { cookie: `access_token=${token}; Authorization=Bearer ${token}` } }),
    ],
    [
      'with one in a header of a proxy’s',
      () => ({ headers: { 'proxy-authorization': `Bearer ${token}`, 'x-forwarded-user': 'anna' } }),
    ],
    ['with an auth token of the upstream', () => ({ headers: { authorization: `Bearer ${upstreamToken}` } })],
  ];
  let upstreamToken: string;
  beforeAll(async () => (upstreamToken = await env.authToken()));

  it.each(ways)('answers %s', async (_, way) => {
    const { headers, query = '' } = way();
    const calls = () => Promise.all(everyOperation().map(({ name }) => env.emulator.callsOf(name)));
    const before = await calls();
    for (const operation of everyOperation()) {
      const { name, method, body } = operation;
      const response = await fetch(env.gatewayUrl + pathFor(operation, fixtures.printer) + query, {
        method,
        headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect([name, response.status]).toEqual([name, 401]);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
      expect(await response.text()).not.toContain('anna');
    }
    expect(await calls()).toEqual(before);
  });
});
