import { createHmac, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { CompactEncrypt, CompactSign, exportSPKI, importJWK, SignJWT, type CryptoKey } from 'jose';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { newKey, TestIssuer } from '../support/issuer.js';
import { fixtures } from '../support/fixtures.js';

type Key = Awaited<ReturnType<typeof newKey>>;

const now = () => Math.floor(Date.now() / 1000);
const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('an access token', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Key;
  let ecKey: Key;
  let edKey: Key;
  /** In a roll-over: under the id of the first. */
  let second: Key;
  let fileKey: Key;
  const sharedKey = 'a shared secret of more than thirty-two bytes';

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('rsa-1');
    ecKey = await issuer.publishKey('ec-1', 'ES256');
    edKey = await issuer.publishKey('ed-1', 'EdDSA');
    second = await newKey('rsa-1');
    issuer.published.push(second.jwk);
    fileKey = await newKey('file-1');
    const spki = await exportSPKI((await importJWK(fileKey.jwk, 'RS256')) as CryptoKey);
    env = await TestEnvironment.open({
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:
  - { issuer: '${issuer.url}', audience: print-gateway, algorithms: [RS256, ES256, EdDSA], jwksUri: '${issuer.url}/jwks',
      claims: { roles: [roles, groups, realm_access.roles, 'https://example.com/roles', scope] },
      roleMapping: { b1f7-group-guid: card-operator } }
  - { issuer: 'https://file.example', audience: [print-gateway], publicKeyFile: file.pem }
  - { issuer: 'https://shared.example', audience: print-gateway, algorithms: [HS256], secretFile: secret.txt }`,
        ),
      files: { 'file.pem': spki, 'secret.txt': `${sharedKey}\n` },
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const signShared = (secret: string) =>
    new SignJWT({ ...issuer.claims(), iss: 'https://shared.example' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(secret));
  const ask = (token: string) => env.with(token).get(fixtures.counts);

  async function expectRefused(token: string, reason?: RegExp): Promise<void> {
    const response = await ask(token);
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toMatch(/^Bearer error="invalid_token"/);
    expect(response.body).toMatchObject({ type: '/problems/invalid-token' });
    if (reason) expect(response.body.detail).toMatch(reason);
  }

  describe('is accepted', () => {
    it.each<[string, () => Promise<string>]>([
      ['as RS256', () => issuer.sign(key)],
      ['as ES256', () => issuer.sign(ecKey)],
      ['as EdDSA', () => issuer.sign(edKey)],
      ['signed with the second of two keys under one id', () => issuer.sign(second)],
      ['with typ JWT', () => issuer.sign(key, {}, { typ: 'JWT' })],
      [
        'as at+jwt with all that RFC 9068 asks for',
        () => issuer.sign(key, { client_id: 'c', jti: 'j' }, { typ: 'at+jwt' }),
      ],
      ['with several audiences', () => issuer.sign(key, { aud: ['other', 'print-gateway'] })],
      ['a few seconds after its end', () => issuer.sign(key, { exp: now() - 3 })],
      [
        'with its roles in a nested member',
        () => issuer.sign(key, { roles: [], realm_access: { roles: ['viewer'] } }),
      ],
      [
        'with its roles in a member named by a URL',
        () => issuer.sign(key, { roles: [], 'https://example.com/roles': ['viewer'] }),
      ],
      ['with its roles in the scope', () => issuer.sign(key, { roles: undefined, scope: 'openid viewer' })],
      [
        'with a role that the issuer names in its own way',
        () => issuer.sign(key, { roles: ['b1f7-group-guid'] }),
      ],
      ['from an issuer with a public key file', () => issuer.sign(fileKey, { iss: 'https://file.example' })],
      ['from an issuer with a shared secret', () => signShared(sharedKey)],
    ])('%s', async (_, token) => {
      expect((await ask(await token())).status).toBe(200);
    });
  });

  // RFC 6750 §3.1: whoever sent none is told of no error.
  it.each([
    ['Basic dXNlcjpwYXNz', /^Bearer(?!.*error)/],
    ['', /^Bearer(?!.*error)/],
    ['Bearer', /^Bearer error="invalid_token"/],
  ])('is asked for when the header is "%s"', async (header, challenge) => {
    const response = await env.anyone.get(fixtures.counts, { authorization: header });
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toMatch(challenge);
  });

  // RFC 8725 §3.8 issuer and subject, §3.9 audience, §3.12 one kind of token for another.
  describe('is refused for its claims (RFC 8725 §3.8, §3.9, §3.12)', () => {
    it.each<[string, Record<string, unknown>, RegExp]>([
      ['expired', { exp: now() - 60 }, /expired/],
      ['not valid yet', { nbf: now() + 60 }, /not valid yet/],
      ['without an end', { exp: undefined }, /no valid end/],
      ['with an end in words', { exp: 'tomorrow' }, /./],
      ['with an end that is no date', { exp: 1e308 }, /no valid end/],
      ['for another audience', { aud: 'other-service' }, /another audience/],
      ['without an audience', { aud: undefined }, /another audience/],
      ['issued in the future', { iat: now() + 3_600 }, /issued in the future/],
      ['without a subject', { sub: undefined }, /no subject/],
      ['with an empty subject', { sub: '' }, /no subject/],
      ['with an object as subject', { sub: { id: 'tess' } }, /no subject/],
      ['that is an ID token (nonce)', { nonce: 'n' }, /ID token/],
      ['that is an ID token (at_hash)', { at_hash: 'h' }, /ID token/],
      ['from an unknown issuer', { iss: 'https://evil.example' }, /issuer/],
      ['from an issuer that only looks the same', { iss: 'https://file.example/' }, /issuer/],
      ['without an issuer', { iss: undefined }, /issuer/],
      ['in the name of another trusted issuer', { iss: 'https://file.example' }, /./],
    ])('%s', async (_, claims, reason) => {
      await expectRefused(await issuer.sign(key, claims), reason);
    });

    it.each(['client_id', 'iat', 'jti'])('of type at+jwt without %s', async (name) => {
      const complete = { client_id: 'c', jti: 'j', iat: now() };
      await expectRefused(
        await issuer.sign(key, { ...complete, [name]: undefined }, { typ: 'at+jwt' }),
        new RegExp(name),
      );
    });
  });

  // RFC 8725 §3.1 algorithms, §3.10 what a token says of its own key, §3.11 types.
  describe('is refused for its header (RFC 8725 §3.1, §3.10, §3.11)', () => {
    it.each<[string, Record<string, unknown>]>([
      ['of another type', { typ: 'logout+jwt' }],
      ['of the type of an ID token', { typ: 'id_token' }],
      ['with an unknown critical extension', { crit: ['x-unknown'], 'x-unknown': 1 }],
      ['with an unencoded payload', { crit: ['b64'], b64: true }],
      ['with an unknown key id', { kid: 'nobody' }],
      ['with a path as key id', { kid: '../../../../dev/null' }],
      ['with SQL as key id', { kid: "x' UNION SELECT 'key" }],
    ])('%s', async (_, header) => {
      await expectRefused(await issuer.sign(key, {}, header));
    });

    it.each(['none', 'None', 'NONE', ''])('unsigned, with alg "%s"', async (alg) => {
      await expectRefused(`${part({ alg })}.${part(issuer.claims())}.`);
      await expectRefused(`${part({ alg })}.${part(issuer.claims())}.AAAA`, /not signed|algorithm/);
    });

    it('signed as HS256 with the public RSA key as the secret', async () => {
      const spki = await exportSPKI((await importJWK(key.jwk, 'RS256')) as CryptoKey);
      for (const secret of [spki, spki.trim(), JSON.stringify(key.jwk)]) {
        const input = `${part({ alg: 'HS256', kid: 'rsa-1' })}.${part(issuer.claims())}`;
        await expectRefused(
          `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`,
          /algorithm/,
        );
      }
    });

    it.each(['jwk', 'jku', 'x5u', 'x5c'])('that brings its own key as %s', async (name) => {
      const own = await newKey('rsa-1');
      const value = { jwk: own.jwk, jku: `${issuer.url}/evil`, x5u: `${issuer.url}/evil`, x5c: ['MIIB'] }[
        name
      ];
      await expectRefused(await issuer.sign(own, {}, { [name]: value }), /signature/);
    });

    it('with an algorithm that its issuer does not use', async () => {
      const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
      await expectRefused(
        await new SignJWT(issuer.claims()).setProtectedHeader({ alg: 'PS256' }).sign(other.privateKey),
        /algorithm/,
      );
    });
  });

  // RFC 8725 §3.3 every operation is checked, §3.4 signatures that are none; nested tokens are not taken. §3.2, §3.5: key-strength.
  describe('is refused for its form (RFC 8725 §3.3, §3.4)', () => {
    it('with a claim changed after it was signed', async () => {
      const [header, , signature] = (await issuer.sign(key)).split('.');
      await expectRefused(
        `${header}.${part({ ...issuer.claims(), roles: ['supervisor'] })}.${signature}`,
        /signature/,
      );
    });

    it('with a signature of zeros (ES256, r = s = 0)', async () => {
      const [header, payload] = (await issuer.sign(ecKey)).split('.');
      await expectRefused(`${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`, /signature/);
    });

    it.each([0, 63, 64, 65])('with a signature of %i zeros (EdDSA)', async (length) => {
      const [header, payload] = (await issuer.sign(edKey)).split('.');
      await expectRefused(`${header}.${payload}.${Buffer.alloc(length).toString('base64url')}`);
    });

    it('as JSON serialisation', async () => {
      const [protectedHeader, payload, signature] = (await issuer.sign(key)).split('.');
      await expectRefused(JSON.stringify({ protected: protectedHeader, payload, signature }), /compact/);
    });

    it('encrypted, with a sound token in it (JWE)', async () => {
      const inner = Buffer.from(await issuer.sign(key));
      const encrypted = await new CompactEncrypt(inner)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', cty: 'JWT', kid: 'rsa-1' })
        .encrypt(randomBytes(32));
      await expectRefused(encrypted, /compact/);
      expect((await ask(inner.toString())).status).toBe(200);
    });

    it('naming a member twice, though signed by the issuer', async () => {
      const json = JSON.stringify(issuer.claims()).replace('{', '{"sub":"admin",');
      const signed = await new CompactSign(Buffer.from(json))
        .setProtectedHeader({ alg: 'RS256', kid: 'rsa-1' })
        .sign(key.privateKey);
      await expectRefused(signed, /twice/);
    });

    it.each(['a.b', 'a.b.c.d', '..', 'a..c', 'e30.e30.AAAA', `${part('[]')}.${part('{}')}.AAAA`, 'x'])(
      'as %s',
      async (token) => {
        await expectRefused(token);
      },
    );

    it('too long for a header (431), while one with two hundred groups passes', async () => {
      const groups = Array.from({ length: 200 }, () => randomUUID());
      const token = await issuer.sign(key, { groups });
      expect(token.length).toBeGreaterThan(10_000);
      expect((await ask(token)).status).toBe(200);
      const longer = await ask(await issuer.sign(key, { groups, pad: 'x'.repeat(6_000) }));
      expect([longer.status, longer.body.type]).toEqual([431, '/problems/headers-too-large']);
    });

    it('of a megabyte, before it is even a request', async () => {
      const answer = await ask('x'.repeat(1_000_000)).catch(
        (error: unknown) => (error as NodeJS.ErrnoException).code,
      );
      expect([431, 'ECONNRESET', 'EPIPE']).toContain(typeof answer === 'object' ? answer.status : answer);
    });
  });

  it('that leaves out its groups, because they are too many, says so in the answer, at /me and in the log', async () => {
    const claims = { roles: undefined, hasgroups: true, _claim_names: { groups: 'src1' } };
    const token = await issuer.sign(key, claims);
    const advice = /carries no groups: .* Entra ID, let tokens carry only the groups that are assigned/;
    const refused = await ask(token);
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringMatching(advice)]);
    const me = await env.with(token).get('/api/gateway/v1/me');
    expect(me.body.warnings).toEqual([expect.stringMatching(advice)]);
    await eventually(() => expect(env.output).toMatch(advice));
    const other = await env.with(issuer.sign(key)).get('/api/gateway/v1/me');
    expect(other.body.warnings).toEqual([]);
  });

  it('in the query or in the body is not looked at', async () => {
    const token = await issuer.sign(key);
    expect((await env.anyone.get(`${fixtures.counts}?access_token=${token}`)).status).toBe(401);
  });
});
