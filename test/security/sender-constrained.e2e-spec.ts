import { hash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { TestIssuer, type newKey } from '../support/issuer.js';
import { RedisServer } from '../support/redis.js';
import { fixtures } from '../support/fixtures.js';

const PUBLIC_URL = 'https://cards.example';
const ME = '/api/gateway/v1/me';
/** Of nobody; its key was thrown away. */
const CERTIFICATE =
  'MIIBcjCCARmgAwIBAgIUKdXy6+VvOLsETj/agLLbu1JE5ZgwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEZGVzazAeFw0yNjExMjYyMjA1MzdaFw0zNjExMjMyMjA1MzdaMA8xDTALBgNVBAMMBGRlc2swWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARoSD4J3tkNzPRW9KvdkVjFHVwRHieyv113nlzN96bYoERmhRdKKOgjtSK9bDOFa1szxF8JUuI8ATTGvq1i3Jvlo1MwUTAdBgNVHQ4EFgQUGuCQKC6orNw4xtA6DxN7Awhz3VcwHwYDVR0jBBgwFoAUGuCQKC6orNw4xtA6DxN7Awhz3VcwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAWhPHO6Q9gpHh0WW+hJzr9JklqsajdjzE6n1uR+hUPVwIgI+pCWo/MtDkImPcn0OinWgVLpBUYoywzFhhS2Tb++Z4=';
const X5T = hash('sha256', Buffer.from(CERTIFICATE, 'base64'), 'base64url');
const PEM = `-----BEGIN CERTIFICATE-----\n${(CERTIFICATE.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

/** A stolen token is of no use to whoever does not have what it is bound to. */
describe('a token that is bound to its sender', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Awaited<ReturnType<typeof newKey>>;
  let sender: { privateKey: CryptoKey; jwk: JWK; jkt: string };
  /** Which of the gateways: one behind a proxy, one that nobody stands before, one that does not know its name, and one that trusts everybody. */
  const [PROXIED, BARE, UNNAMED, TRUSTING] = [0, 1, 2, 3];

  beforeAll(async () => {
    [redis, issuer] = await Promise.all([RedisServer.start(), TestIssuer.start()]);
    key = await issuer.publishKey('k');
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    sender = { privateKey: pair.privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) };
    const settings = [{ PUBLIC_URL, TRUST_PROXY: '127.0.0.1' }, { PUBLIC_URL }, {}, { TRUST_PROXY: 'true' }];
    const trusted = (name: string, require: string) =>
      `  - { issuer: '${name}', audience: print-gateway, jwksUri: '${issuer.url}/jwks', require: ${require} }`;
    env = await TestEnvironment.open({
      gateways: settings.length,
      gateway: { REDIS_URL: redis.url },
      each: (index) => settings[index] as Record<string, string>,
      policy: (yaml) =>
        withoutQuotas(yaml).replace(
          'issuers:',
          ['issuers:', trusted(issuer.url, '{}'), trusted('https://strict.example', 'dpop')].join('\n'),
        ),
    });
  });
  afterAll(async () => {
    await env.close();
    await Promise.all([issuer.stop(), redis.stop()]);
  });

  const bound = (claims: Record<string, unknown> = {}) =>
    issuer.sign(key, { cnf: { jkt: sender.jkt }, ...claims });
  const proof = (token: string, claims: Record<string, unknown> = {}) =>
    new SignJWT({
      ...{ htm: 'GET', htu: PUBLIC_URL + fixtures.counts, ath: hash('sha256', token, 'base64url') },
      ...{ jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims },
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: sender.jwk })
      .sign(sender.privateKey);

  async function ask(headers: Record<string, string>, gateway = PROXIED, path: string = fixtures.counts) {
    const response = await fetch(env.gateway(gateway).url + path, { headers });
    const body = (await response.json()) as { type?: string; detail?: string };
    return { status: response.status, body, headers: response.headers };
  }
  const withProof = (token: string, dpop: string, gateway = PROXIED, path: string = fixtures.counts) =>
    ask({ authorization: `DPoP ${token}`, dpop }, gateway, path);
  /** The nonce that a first request is told. */
  async function nonceFor(token: string): Promise<string> {
    const response = await withProof(token, await proof(token));
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^DPoP error="use_dpop_nonce".*algs="ES256 /),
    ]);
    return response.headers.get('dpop-nonce') ?? '';
  }

  it('passes with a proof that has the nonce of any of the gateways, on both ways', async () => {
    const token = await bound();
    const nonce = await nonceFor(token);
    for (const gateway of [PROXIED, BARE])
      expect((await withProof(token, await proof(token, { nonce }), gateway)).status).toBe(200);
    const me = await proof(token, { nonce, htu: PUBLIC_URL + ME });
    expect((await withProof(token, me, PROXIED, ME)).status).toBe(200);
  });

  it('passes once with each proof, over all gateways', async () => {
    const token = await bound();
    const used = await proof(token, { nonce: await nonceFor(token) });
    const gateways = [PROXIED, BARE, PROXIED, BARE, PROXIED, BARE];
    const answers = await Promise.all(gateways.map((gateway) => withProof(token, used, gateway)));
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
    const refused = answers.find(({ status }) => status !== 200);
    expect([refused?.status, refused?.body.detail]).toEqual([401, expect.stringContaining('used before')]);
  });

  it('is refused without its proof, also once it is known', async () => {
    const token = await bound();
    const dpop = await proof(token, { nonce: await nonceFor(token) });
    expect((await withProof(token, dpop)).status).toBe(200);
    for (const path of [fixtures.counts, ME]) {
      const asBearer = await ask({ authorization: `Bearer ${token}` }, PROXIED, path);
      expect([asBearer.status, asBearer.body.type]).toEqual([401, '/problems/sender-not-proven']);
      expect(asBearer.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_token"/);
      const withoutProof = await ask({ authorization: `DPoP ${token}` }, PROXIED, path);
      expect(withoutProof.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof"/);
    }
  });

  it.each<[string, Record<string, unknown>]>([
    ['of another method', { htm: 'DELETE' }],
    ['for another server', { htu: `https://evil.example${fixtures.counts}` }],
    ['for another token', { ath: hash('sha256', 'other', 'base64url') }],
    ['with a nonce that nobody gave out', { nonce: 'AAAA' }],
  ])('is refused with a proof %s', async (_, claims) => {
    const token = await bound();
    const dpop = await proof(token, { nonce: await nonceFor(token), ...claims });
    expect((await withProof(token, dpop)).status).toBe(401);
  });

  it('is named in the log where somebody presents it without a proof', async () => {
    const response = await ask({ authorization: `Bearer ${await bound({ sub: 'robbed' })}` });
    expect(response.status).toBe(401);
    await eventually(() => expect(env.output).toMatch(/"status":401,[^\n]*"subject":"robbed"/));
  });

  it('has no proof remembered for a request that is refused for another reason', async () => {
    const token = await bound({ roles: [] });
    const nonce = await nonceFor(token);
    const remembered = async () => (await redis.command('KEYS *:dpop:*')).split('\n').filter(Boolean).length;
    const before = await remembered();
    for (let turn = 0; turn < 3; turn += 1)
      expect((await withProof(token, await proof(token, { nonce }))).status).toBe(403);
    expect(await remembered()).toBe(before);
  });

  it('is held against PUBLIC_URL, whatever Host a request has, and refused where that is not set', async () => {
    const token = await bound();
    const nonce = await nonceFor(token);
    const dpop = await proof(token, { nonce, htu: env.gateway(UNNAMED).url + fixtures.counts });
    const response = await withProof(token, dpop, UNNAMED);
    expect([response.status, response.body.detail]).toEqual([401, expect.stringContaining('PUBLIC_URL')]);
    const evil = await proof(token, { nonce, htu: `https://evil.example${fixtures.counts}` });
    const headers = { authorization: `DPoP ${token}`, dpop: evil };
    const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect((await ask({ ...headers, ...forwarded })).status).toBe(401);
  });

  it('is the only one that passes where the policy requires it', async () => {
    const plain = await issuer.sign(key, { iss: 'https://strict.example' });
    const response = await ask({ authorization: `Bearer ${plain}` });
    expect([response.status, response.body.detail]).toEqual([401, expect.stringContaining('requires DPoP')]);
    const token = await bound({ iss: 'https://strict.example' });
    const nonce = await nonceFor(token);
    expect((await withProof(token, await proof(token, { nonce }))).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ['in a way that nobody knows', { kid: 'x' }],
    ['to nothing', {}],
    ['to a text', 'x'],
    ['to a thumbprint that is none', { jkt: 'short' }],
    ['to one known and one broken thing', { 'x5t#S256': X5T, jkt: 7 }],
  ])('%s is refused', async (_, cnf) => {
    const response = await ask({ authorization: `Bearer ${await issuer.sign(key, { cnf })}` });
    expect([response.status, response.body.detail]).toEqual([401, expect.stringContaining('its claim cnf')]);
  });

  it('is not what a proof comes with otherwise', async () => {
    const token = await issuer.sign(key);
    const response = await withProof(token, await proof(token));
    expect([response.status, response.body.detail]).toEqual([
      401,
      expect.stringContaining('bound to no key'),
    ]);
  });

  describe('by a certificate', () => {
    const certified = (clientCert: string, gateway = PROXIED) =>
      issuer
        .sign(key, { cnf: { 'x5t#S256': X5T } })
        .then((token) => ask({ authorization: `Bearer ${token}`, 'client-cert': clientCert }, gateway));

    it.each([
      ['RFC 9440 has it', `:${CERTIFICATE}:`],
      ['nginx writes it', encodeURIComponent(PEM)],
    ])('passes where a trusted proxy names the certificate as %s', async (_, header) => {
      expect((await certified(header)).status).toBe(200);
    });

    it.each<[string, string, number]>([
      ['anybody else names it', `:${CERTIFICATE}:`, BARE],
      ['everybody is trusted, so that no proxy is', `:${CERTIFICATE}:`, TRUSTING],
      ['it is another', `:${CERTIFICATE.slice(0, -8)}AAAAAA==:`, PROXIED],
      ['it is none', ':AAAA:', PROXIED],
      ['there is none', '', PROXIED],
    ])('is refused where %s', async (_, header, gateway) => {
      const response = await certified(header, gateway);
      expect([response.status, response.body.type]).toEqual([401, '/problems/sender-not-proven']);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    });
  });
});
