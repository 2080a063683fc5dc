import 'reflect-metadata';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { jwtVerify } from 'jose';
import type { PolicyFaults } from './policy-faults.js';
import { SignedTokens } from './signed-tokens-in-test.js';

interface Asked {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

const ISSUER = 'https://login.example';
const NOT_NOW = /could not be checked now; it was not refused/;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const FILES = {
  '/secret': 'p@ss word\n',
  '/key.pem': key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
};

describe('a token that only its issuer can read', () => {
  let tokens: SignedTokens;
  let server: Server;
  let url: string;
  let asked: Asked[];
  let answer: () => unknown;
  const active = (claims: object = {}) => ({
    active: true,
    sub: 'tess',
    aud: 'print',
    scope: 'op',
    ...claims,
  });

  beforeAll(async () => {
    const times = { AUTH_INTROSPECTION_CACHE_MS: '300', AUTH_INTROSPECTION_REFUSED_MS: '300' };
    const bounds = { AUTH_INTROSPECTION_PARALLEL: '3', AUTH_INTROSPECTION_TIMEOUT_MS: '2000' };
    tokens = await SignedTokens.open({ ...times, ...bounds, AUTH_CLOCK_TOLERANCE_SECONDS: '0' });
    server = createServer((request, response) => {
      void text(request).then(async (body) => {
        const { authorization } = request.headers;
        asked.push({ path: request.url, authorization, form: Object.fromEntries(new URLSearchParams(body)) });
        const said = await answer();
        if (typeof said === 'number') return response.writeHead(said, { location: url }).end();
        return response.writeHead(200).end(typeof said === 'string' ? said : JSON.stringify(said));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await tokens.close();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
    answer = () => active();
    tokens.trust(policy('clientSecretFile: secret'), FILES);
  });

  const issuer = (introspection: string, name = ISSUER) =>
    `  - { issuer: '${name}', audience: print, introspection: { endpoint: '${url}/introspect', clientId: 'g w', ${introspection} } }\n`;
  const policy = (...introspections: string[]) =>
    `issuers:\n${introspections.map((each, index) => issuer(each, index === 0 ? ISSUER : `${ISSUER}/${index}`)).join('')}roles: {}\n`;

  it('is asked about there, as this client, and its claims count like those of any token', async () => {
    expect(await tokens.present('opaque')).toMatchObject({ issuer: ISSUER, subject: 'tess', roles: ['op'] });
    expect(asked).toEqual([
      {
        path: '/introspect',
        authorization: `Basic ${Buffer.from('g+w:p%40ss+word').toString('base64')}`,
        form: { token: 'opaque', token_type_hint: 'access_token' },
      },
    ]);
  });

  it('is asked about with the secret in the form, where the policy says so', async () => {
    tokens.trust(policy('authentication: client_secret_post, clientSecretFile: secret'), FILES);
    await tokens.present('opaque');
    expect(asked[0]).toMatchObject({
      authorization: undefined,
      form: { client_id: 'g w', client_secret: 'p@ss word' },
    });
  });

  it('is asked about with an assertion for this issuer alone, where the policy names a key', async () => {
    const by = 'authentication: private_key_jwt, privateKeyFile: key.pem, algorithm: ES256, keyId: k1';
    tokens.trust(policy(by), FILES);
    expect(await tokens.present('opaque')).toMatchObject({ subject: 'tess' });
    const { client_assertion: assertion = '', client_assertion_type: type } = asked[0]?.form ?? {};
    expect(type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    const publicKey = createPublicKey(FILES['/key.pem']);
    const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, { audience: ISSUER });
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'k1' });
    expect(payload).toMatchObject({
      iss: 'g w',
      sub: 'g w',
      jti: expect.any(String),
      exp: expect.any(Number),
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['not active', { active: false }, /not active/],
    ['of another audience', active({ aud: 'other' }), /another audience/],
    ['of another issuer', active({ iss: 'https://other.example' }), /another issuer/],
    ['of nobody', active({ sub: undefined }), /names no subject/],
    ['expired', active({ exp: 1 }), /expired/],
    ['a refresh token', active({ token_use: 'refresh_token' }), /not an access token/],
    ['a refresh token of Keycloak', active({ typ: 'Refresh' }), /not an access token/],
  ])('is refused where it is %s, and not asked about again at once', async (_, said, reason) => {
    answer = () => said;
    expect(await tokens.present('opaque')).toMatch(reason);
    expect(await tokens.present('opaque')).toMatch(reason);
    expect(asked.length).toBe(1);
    answer = () => active();
    await delay(350);
    expect(await tokens.present('opaque')).toMatchObject({ subject: 'tess' });
  });

  it.each<[string, unknown]>([
    ['an error', 500],
    ['a refusal of the gateway', 401],
    ['a redirect', 302],
    ['no JSON', '<html>'],
    ['nothing of activity', {}],
    ['activity in words', { active: 'true' }],
    ['a list', [active()]],
    ['a very long answer', active({ pad: 'x'.repeat(1_100_000) })],
  ])('is not refused where its issuer answers %s, and asked about with the next request', async (_, said) => {
    answer = () => said;
    expect(await tokens.present('opaque')).toMatch(NOT_NOW);
    answer = () => active();
    expect(await tokens.present('opaque')).toMatchObject({ subject: 'tess' });
    expect(asked.every(({ path }) => path === '/introspect')).toBe(true);
  });

  it('is asked about once for all who present it at once, and again after the bound', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.present('opaque')));
    expect(new Set(all).size).toBe(1);
    expect(tokens.isKnown('opaque')).toBe(true);
    expect(asked.length).toBe(1);
    answer = () => ({ active: false });
    await delay(350);
    expect(await tokens.present('opaque')).toMatch(/not active/);
  });

  it('is bound to its sender where its issuer says so', async () => {
    const jkt = 'x'.repeat(43);
    answer = () => active({ cnf: { jkt } });
    expect(await tokens.present('opaque')).toMatchObject({ confirmation: { jkt } });
    answer = () => active({ cnf: { kid: 'x' } });
    expect(await tokens.present('other')).toMatch(/its claim cnf must have a jkt or an x5t#S256/);
  });

  it('counts no longer than it lasts', async () => {
    const exp = Math.floor(Date.now() / 1000) + 1;
    answer = () => active({ exp });
    while (Date.now() / 1000 < exp - 0.1) await delay(20);
    expect(await tokens.present('opaque')).toMatchObject({ subject: 'tess' });
    await delay(120);
    expect(await tokens.present('opaque')).toMatch(/expired/);
  });

  it('is asked about beside few others at a time', async () => {
    const letGo: (() => void)[] = [];
    answer = () => new Promise((resolve) => letGo.push(() => resolve(active())));
    const asking = ['a', 'b', 'c'].map((token) => tokens.present(token));
    expect(await tokens.present('d')).toMatch(NOT_NOW);
    while (letGo.length < 3) await delay(5);
    letGo.forEach((go) => go());
    for (const found of await Promise.all(asking)) expect(found).toMatchObject({ subject: 'tess' });
  });

  it('is asked about although another issuer is silent, or fails again and again', async () => {
    tokens.trust(policy('clientSecretFile: secret', 'clientSecretFile: secret, tokenPrefix: ory_'), FILES);
    const letGo: (() => void)[] = [];
    answer = () => new Promise((resolve) => letGo.push(() => resolve(500)));
    const silent = ['ory_1', 'ory_2', 'ory_3'].map((token) => tokens.present(token));
    while (letGo.length < 3) await delay(5);
    answer = () => active();
    expect(await tokens.present('other')).toMatchObject({ subject: 'tess' });
    letGo.forEach((go) => go());
    for (const found of await Promise.all(silent)) expect(found).toMatch(NOT_NOW);
    // Three failures in a row: it is left alone for a moment.
    expect(await tokens.present('ory_4')).toMatch(NOT_NOW);
    expect(asked.length).toBe(4);
    expect(await tokens.present('another')).toMatchObject({ subject: 'tess' });
  });

  it('may have claims that are null, which say nothing', async () => {
    answer = () => active({ exp: null, iss: null, nbf: null, cnf: null, nonce: null });
    expect(await tokens.present('opaque')).toMatchObject({ subject: 'tess' });
  });

  it('goes to the one issuer whose tokens begin like it', async () => {
    tokens.trust(policy('clientSecretFile: secret', 'clientSecretFile: secret, tokenPrefix: ory_'), FILES);
    expect(await tokens.present('ory_1')).toMatchObject({ issuer: `${ISSUER}/1` });
    expect(await tokens.present('other')).toMatchObject({ issuer: ISSUER });
    expect(asked.length).toBe(2);
    tokens.trust(policy('clientSecretFile: secret, tokenPrefix: ory_'), FILES);
    expect(await tokens.present('other')).toMatch(/not a JWS/);
    expect(asked.length).toBe(2);
  });

  it('may be a JWT of an issuer whose keys the policy does not name', async () => {
    const token = await tokens.sign({ iss: ISSUER, sub: 'in the token' });
    expect(await tokens.present(token)).toMatchObject({ subject: 'tess' });
    expect(await tokens.present(await tokens.sign({ iss: 'https://other.example' }))).toMatch(/not trusted/);
    expect(asked.length).toBe(1);
  });

  it('with characters that no token has goes nowhere', async () => {
    expect(await tokens.present('opa"que')).toMatch(/characters that no access token has/);
    expect(asked).toEqual([]);
  });

  it.each([
    ['clientSecretFile: none', 'clientSecretFile: is empty'],
    ['authentication: private_key_jwt', 'privateKeyFile: is needed for private_key_jwt'],
    ['clientSecretFile: secret, privateKeyFile: key.pem', 'privateKeyFile: means nothing'],
    ['authentication: private_key_jwt, privateKeyFile: key.pem', 'privateKeyFile: RS256 needs an RSA key'],
    [
      'authentication: private_key_jwt, privateKeyFile: secret',
      'privateKeyFile: must name a readable private key',
    ],
  ])('of a policy with %s is nothing to be asked about: the fault is named', (introspection, fault) => {
    const faults = () => {
      try {
        tokens.trust(policy(introspection), FILES);
      } catch (error) {
        return (error as PolicyFaults).faults;
      }
      return [];
    };
    expect(faults()).toEqual([expect.stringContaining(`issuers[0].introspection.${fault}`)]);
    expect(faults().join()).not.toMatch(/p@ss|BEGIN/);
  });
});
