import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { newKey, TestIssuer } from '../support/issuer.js';
import { the } from '../support/the.js';

const COOLDOWN_MS = 1_000;

describe('an issuer’s keys', () => {
  let house: House;
  let issuer: TestIssuer;
  let key: Awaited<ReturnType<typeof newKey>>;

  const open = async (settings: Record<string, string> = {}, isAway = false) => {
    issuer = await TestIssuer.start();
    issuer.isAway = isAway;
    key = await issuer.publishKey('key-1');
    house = await House.open({
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks' }`,
        ),
      gateway: { AUTH_KEYS_COOLDOWN_MS: String(COOLDOWN_MS), AUTH_KEYS_RETRY_MS: '300', ...settings },
    });
  };
  afterEach(async () => {
    await house.close();
    await issuer.stop();
  });

  const ask = async (token: string | Promise<string>) => (await house.with(token).get(the.counts)).status;

  it('are fetched once for a thousand tokens with unknown key ids, while known keys serve on', async () => {
    await open({ AUTH_KEYS_COOLDOWN_MS: '30000' });
    expect(await ask(issuer.sign(key))).toBe(200);
    const garbage = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => issuer.sign(key, {}, { kid: `unknown-${i}` })),
    );
    const answers = await Promise.all(garbage.map(ask));
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(issuer.fetches).toBeLessThanOrEqual(2);
    expect(await ask(issuer.sign(key, { jti: 'another' }))).toBe(200);
  });

  it('are seen after a rotation within the cooldown, under a load of garbage', async () => {
    await open();
    expect(await ask(issuer.sign(key))).toBe(200);
    const next = await issuer.publishKey('key-2');
    await eventually(async () => {
      expect(await ask(issuer.sign(key, {}, { kid: `garbage-${Math.random()}` }))).toBe(401);
      expect(await ask(issuer.sign(next))).toBe(200);
    }, COOLDOWN_MS * 3);
  });

  it('serve on while the issuer is away, and a key that cannot be fetched is 503, not 401', async () => {
    await open({ AUTH_KEYS_REFRESH_MS: '1000' });
    expect(await ask(issuer.sign(key))).toBe(200);
    issuer.isAway = true;
    const before = issuer.fetches;
    await eventually(async () => {
      expect(await ask(issuer.sign(key, { jti: String(Math.random()) }))).toBe(200);
      expect(issuer.fetches).toBeGreaterThan(before);
    });
    await eventually(async () => {
      const response = await house.with(issuer.sign(key, {}, { kid: 'key-9' })).get(the.counts);
      expect(response.status).toBe(503);
      expect(response.body).toMatchObject({ type: '/problems/issuer-keys-unavailable' });
      expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    });
  });

  it('that could not be fetched at first are fetched later', async () => {
    await open({}, true);
    expect(await ask(issuer.sign(key))).toBe(503);
    issuer.isAway = false;
    await eventually(async () => expect(await ask(issuer.sign(key))).toBe(200));
  });

  it('re-made under the same key id are seen, and cost one fetch per cooldown', async () => {
    await open();
    expect(await ask(issuer.sign(key))).toBe(200);
    const remade = await issuer.publishKey('key-1');
    await eventually(async () => expect(await ask(issuer.sign(remade))).toBe(200), COOLDOWN_MS * 3);
    const before = issuer.fetches;
    const forged = await newKey('key-1');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => ask(issuer.sign(forged, { jti: String(i) }))),
    );
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(issuer.fetches - before).toBeLessThanOrEqual(1);
  });

  it('taken back end the tokens they signed, also those that are known already', async () => {
    await open();
    const token = await issuer.sign(key);
    expect(await ask(token)).toBe(200);
    issuer.published = [];
    const other = await issuer.publishKey('key-2');
    await eventually(async () => expect(await ask(issuer.sign(other))).toBe(200), COOLDOWN_MS * 3);
    expect(await ask(token)).toBe(401);
  });

  it('of the demo’s provider may rotate, and its old tokens stay good', async () => {
    await open();
    expect((await house.as('olga').get(the.counts)).status).toBe(200);
    await house.rotateIdpKeys();
    const form = {
      grant_type: 'urn:idaas-print-gateway:dev-login',
      client_id: 'demo-page',
      username: 'olga',
    };
    const fresh = await house.login(form);
    const es256 = await house.login({ ...form, resource: 'urn:print-gateway:es256' });
    await eventually(async () => {
      expect(await ask(fresh)).toBe(200);
      expect(await ask(es256)).toBe(200);
    });
    expect((await house.as('olga').get(the.counts)).status).toBe(200);
  });
});
