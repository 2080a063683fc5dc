import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { newKey, TestIssuer } from '../support/issuer.js';
import { fixtures } from '../support/fixtures.js';

type Key = Awaited<ReturnType<typeof newKey>>;

const COOLDOWN_MS = 1_000;
/** How long a key may take to be seen: a cooldown, and what a busy machine adds. */
const SEEN_WITHIN_MS = 3 * COOLDOWN_MS;

/** An issuer with one key. */
async function startIssuer() {
  const issuer = await TestIssuer.start();
  return { issuer, key: await issuer.publishKey('key-1') };
}

/** An environment that trusts these issuers too, each by the address of its keys. */
const open = (issuers: readonly TestIssuer[], settings: Record<string, string>, ownIdp = false) =>
  TestEnvironment.open({
    ownIdp,
    policy: (yaml) => {
      const trusted = issuers.map(
        ({ url }) => `  - { issuer: '${url}', audience: print-gateway, jwksUri: '${url}/jwks' }\n`,
      );
      return yaml.replace('issuers:\n', `issuers:\n${trusted.join('')}`);
    },
    gateway: { AUTH_KEYS_RETRY_MS: '300', ...settings },
  });

const asking = (env: () => TestEnvironment) => async (token: string | Promise<string>) =>
  (await env().with(token).get(fixtures.counts)).status;

describe('an issuer’s keys', () => {
  let env: TestEnvironment;
  let late: TestIssuer;
  let issuers: Awaited<ReturnType<typeof startIssuer>>[];
  beforeAll(async () => {
    issuers = await Promise.all([1, 2, 3].map(startIssuer));
    late = await TestIssuer.start();
    late.isAway = true;
    const all = [late, ...issuers.map(({ issuer }) => issuer)];
    env = await open(all, { AUTH_KEYS_COOLDOWN_MS: String(COOLDOWN_MS) }, true);
  });
  afterAll(async () => {
    await env.close();
    await Promise.all([late, ...issuers.map(({ issuer }) => issuer)].map((each) => each.stop()));
  });

  let used = 0;
  /** An issuer that no other test has used. */
  const anIssuer = () => {
    const next = issuers[used];
    if (!next) throw new Error('more issuers are needed');
    used += 1;
    return next;
  };
  const ask = asking(() => env);

  it('that could not be fetched at first are fetched later', async () => {
    const key = await late.publishKey('key-1');
    expect(await ask(late.sign(key))).toBe(503);
    late.isAway = false;
    await eventually(async () => expect(await ask(late.sign(key))).toBe(200));
  });

  it('are seen after a rotation within the cooldown, under a load of garbage', async () => {
    const { issuer, key } = anIssuer();
    expect(await ask(issuer.sign(key))).toBe(200);
    const next = await issuer.publishKey('key-2');
    await eventually(async () => {
      expect(await ask(issuer.sign(key, {}, { kid: `garbage-${Math.random()}` }))).toBe(401);
      expect(await ask(issuer.sign(next))).toBe(200);
    }, SEEN_WITHIN_MS);
  });

  it('re-made under the same key id are seen, and cost one fetch per cooldown', async () => {
    const { issuer, key } = anIssuer();
    expect(await ask(issuer.sign(key))).toBe(200);
    const remade = await issuer.publishKey('key-1');
    await eventually(async () => expect(await ask(issuer.sign(remade))).toBe(200), SEEN_WITHIN_MS);
    const [before, startedAtMs] = [issuer.fetches, performance.now()];
    const forged = await newKey('key-1');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => ask(issuer.sign(forged, { jti: String(i) }))),
    );
    const cooldowns = Math.floor((performance.now() - startedAtMs) / COOLDOWN_MS);
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(issuer.fetches - before).toBeLessThanOrEqual(1 + cooldowns);
  });

  it('taken back end the tokens they signed, also those that are known already', async () => {
    const { issuer, key } = anIssuer();
    const token = await issuer.sign(key);
    expect(await ask(token)).toBe(200);
    const other = await issuer.replaceKeys('key-2');
    await eventually(async () => expect(await ask(issuer.sign(other))).toBe(200), SEEN_WITHIN_MS);
    expect(await ask(token)).toBe(401);
  });

  it('of the demo’s provider may rotate, and its old tokens stay good', async () => {
    expect((await env.as('olga').get(fixtures.counts)).status).toBe(200);
    await env.idp.rotateKeys();
    const form = {
      grant_type: 'urn:idaas-print-gateway:dev-login',
      client_id: 'demo-page',
      username: 'olga',
    };
    const fresh = await env.login(form);
    const es256 = await env.login({ ...form, resource: 'urn:print-gateway:es256' });
    await eventually(async () => {
      expect(await ask(fresh)).toBe(200);
      expect(await ask(es256)).toBe(200);
    });
    expect((await env.as('olga').get(fixtures.counts)).status).toBe(200);
  });
});

describe('an issuer’s keys, where the gateway may seldom ask for them', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Key;
  beforeAll(async () => {
    ({ issuer, key } = await startIssuer());
    env = await open([issuer], { AUTH_KEYS_COOLDOWN_MS: '30000' });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const ask = asking(() => env);

  it('are fetched once for a thousand tokens with unknown key ids, while known keys serve on', async () => {
    expect(await ask(issuer.sign(key))).toBe(200);
    const garbage = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => issuer.sign(key, {}, { kid: `unknown-${i}` })),
    );
    const answers = await Promise.all(garbage.map(ask));
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(issuer.fetches).toBeLessThanOrEqual(2);
    expect(await ask(issuer.sign(key, { jti: 'another' }))).toBe(200);
  });
});

describe('an issuer’s keys, fetched by the clock', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Key;
  beforeAll(async () => {
    ({ issuer, key } = await startIssuer());
    env = await open([issuer], {
      AUTH_KEYS_COOLDOWN_MS: String(COOLDOWN_MS),
      AUTH_KEYS_REFRESH_MS: '1000',
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const ask = asking(() => env);

  it('serve on while the issuer is away, and a key that cannot be fetched is 503, not 401', async () => {
    expect(await ask(issuer.sign(key))).toBe(200);
    issuer.isAway = true;
    const before = issuer.fetches;
    await eventually(async () => {
      expect(await ask(issuer.sign(key, { jti: String(Math.random()) }))).toBe(200);
      expect(issuer.fetches).toBeGreaterThan(before);
    });
    await eventually(async () => {
      const response = await env.with(issuer.sign(key, {}, { kid: 'key-9' })).get(fixtures.counts);
      expect(response.status).toBe(503);
      expect(response.body).toMatchObject({ type: '/problems/issuer-keys-unavailable' });
      expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    });
  });
});
