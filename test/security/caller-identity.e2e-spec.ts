import { CompactSign } from 'jose';
import { TestEnvironment } from '../support/test-environment.js';
import { TestIssuer, type newKey } from '../support/issuer.js';
import { fixtures } from '../support/fixtures.js';

/** Whoever cannot be told from another caller is nobody: jobs, keys and quotas belong to a subject of a tenant. */
describe('the claims that say who is calling', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Awaited<ReturnType<typeof newKey>>;

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('key-1');
    const keys = `audience: print-gateway, jwksUri: '${issuer.url}/jwks'`;
    env = await TestEnvironment.open({
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:
  - { issuer: '${issuer.url}', ${keys}, claims: { tenant: org.id } }
  - { issuer: 'https://no-tenants.example', ${keys} }
  - { issuer: 'https://odd.example', ${keys}, claims: { tenant: 'société "quoted"' } }`,
        ),
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const ask = async (claims: Record<string, unknown>) =>
    env.with(issuer.sign(key, { org: { id: 'acme' }, ...claims })).get(fixtures.counts);

  const UNUSABLE: readonly [string, unknown, RegExp][] = [
    ['missing', undefined, /is missing/],
    ['null', null, /is null/],
    ['a number', 42, /is a number/],
    ['a boolean', true, /is a boolean/],
    ['a list', ['acme', 'globex'], /is a list/],
    ['a list of one', ['acme'], /is a list/],
    ['an object', { name: 'acme' }, /is an object/],
    ['empty', '', /is empty/],
    ['longer than 255 characters', 'x'.repeat(256), /is longer than 255 characters/],
    ['blank', ' \u00a0\u3000', /is blank/],
    ['only of characters that nobody sees', '\u200b\u2060', /is blank/],
    ['with a NUL', 'acme\u0000', /control characters/],
    ['with a line break', 'acme\n', /control characters/],
    ['with a separator of lines', 'acme\u2028', /control characters/],
    ['with half a character', 'acme\ud800', /well-formed/],
  ];
  const withValue = (json: string) =>
    new CompactSign(Buffer.from(json))
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .sign(key.privateKey);

  // Of a list of one there is no doubt which tenant it is.
  it.each(UNUSABLE.filter(([what]) => what !== 'a list of one'))(
    'a tenant that is %s: 401, which says what is wrong with which claim',
    async (_, id, fault) => {
      const response = await ask({ org: { id } });
      expect(response.status).toBe(401);
      expect(response.body.detail).toMatch(/no tenant.* org\.id /);
      expect(response.body.detail).toMatch(fault);
      expect(response.body.detail).not.toMatch(/acme|globex|42/);
    },
  );

  it.each(UNUSABLE)(
    'a subject that is %s: 401, which says what is wrong with which claim',
    async (_, sub, fault) => {
      const response = await ask({ sub });
      expect(response.status).toBe(401);
      expect(response.body.detail).toMatch(/no subject.* sub /);
      expect(response.body.detail).toMatch(fault);
    },
  );

  // Left out or null, a token names no client, which is allowed.
  it.each(UNUSABLE.slice(2))('a client that is %s: 401, by either claim', async (_, client, fault) => {
    for (const name of ['client_id', 'azp']) {
      const response = await ask({ [name]: client });
      expect(response.status).toBe(401);
      expect(response.body.detail).toMatch(new RegExp(`no client.* ${name} `));
      expect(response.body.detail).toMatch(fault);
    }
  });

  it.each([
    ['of one character', 'a'],
    ['of 255 characters', 'x'.repeat(255)],
    ['in any script', 'Ćevapi 株式会社 🏢'],
    ['with a sign that joins two letters', 'می\u200cخواهم'],
  ])('a name %s is as good as any', async (_, name) => {
    const response = await ask({ org: { id: name }, sub: name, client_id: name });
    expect(response.status).toBe(200);
  });

  it('two spellings that look alike are two callers', async () => {
    const seen = ['caf\u00e9', 'cafe\u0301'].map(async (id) => {
      const me = await env.with(issuer.sign(key, { org: { id } })).get('/api/gateway/v1/me');
      return me.body.tenant as string;
    });
    expect(new Set(await Promise.all(seen)).size).toBe(2);
  });

  it('bytes that are not UTF-8 are refused, whatever they would be read as', async () => {
    const json = JSON.stringify({ ...issuer.claims(), org: { id: 'acme?' } });
    expect((await env.with(withValue(json)).get(fixtures.counts)).status).toBe(200);
    const bytes = Buffer.from(json);
    bytes[bytes.indexOf('?')] = 0xff;
    const signer = new CompactSign(bytes).setProtectedHeader({ alg: 'RS256', kid: 'key-1' });
    const response = await env.with(signer.sign(key.privateKey)).get(fixtures.counts);
    expect(response.status).toBe(401);
    expect(response.body.detail).toMatch(/UTF-8/);
  });

  it('a token of an issuer without a tenant claim needs none', async () => {
    const me = await env
      .with(issuer.sign(key, { iss: 'https://no-tenants.example' }))
      .get('/api/gateway/v1/me');
    expect(me.status).toBe(200);
    expect(me.body.tenant).toBeNull();
  });

  it('a claim whose name does not fit into a header is named all the same', async () => {
    const response = await ask({ iss: 'https://odd.example' });
    expect(response.status).toBe(401);
    expect(response.body.detail).toContain('société "quoted"');
    expect(response.headers['www-authenticate']).toMatch(/^Bearer [ !#-~"]*$/);
  });
});
