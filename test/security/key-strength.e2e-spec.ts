import { generateKeyPairSync, sign as signBytes, type KeyObject } from 'node:crypto';
import { TestEnvironment } from '../support/test-environment.js';
import { TestIssuer, type newKey } from '../support/issuer.js';
import { fixtures } from '../support/fixtures.js';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** RFC 7518 §3.3, §3.4 and RFC 7517 §4: a published key is used for what it is good for, or passed over. */
describe('a published key', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let good: Awaited<ReturnType<typeof newKey>>;
  const privateKeys = new Map<string, KeyObject>();

  const publish = (kid: string, key: KeyObject, members: object = {}) => {
    const jwk = { ...key.export({ format: 'jwk' }), kid, ...members };
    issuer.published.push(jwk);
  };
  const rsa = (kid: string, modulusLength: number, members: object = {}, publicExponent = 65_537) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent });
    privateKeys.set(kid, privateKey);
    publish(kid, publicKey, members);
  };
  const ec = (kid: string, namedCurve: string, members: object = {}) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    privateKeys.set(kid, privateKey);
    publish(kid, publicKey, members);
  };

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    good = await issuer.publishKey('good');
    rsa('rsa-512', 512);
    rsa('rsa-1024', 1_024);
    rsa('rsa-2047', 2_047);
    rsa('rsa-2048', 2_048);
    rsa('rsa-3', 2_048, {}, 3);
    rsa('enc', 2_048, { use: 'enc' });
    rsa('ops', 2_048, { key_ops: ['encrypt'] });
    rsa('ops-verify', 2_048, { key_ops: ['verify'] });
    rsa('for-rs512', 2_048, { alg: 'RS512' });
    rsa('', 2_048);
    rsa('k'.repeat(1_000), 2_048);
    ec('p256', 'P-256');
    ec('p384', 'P-384');
    ec('secp256k1', 'secp256k1');
    const broken = privateKeys.get('rsa-2048') as KeyObject;
    privateKeys.set('broken', broken).set('no-kty', broken).set('private', broken).set('exponent-1', broken);
    issuer.published.push({ kty: 'RSA', kid: 'broken', n: '!!!', e: 'AQAB' });
    issuer.published.push({ kid: 'no-kty' }, null as never, 'text' as never);
    issuer.published.push({ ...(broken.export({ format: 'jwk' }) as object), kid: 'private' });
    const { n = '' } = broken.export({ format: 'jwk' });
    issuer.published.push({ kty: 'RSA', kid: 'exponent-1', n: n, e: 'AQ' });
    issuer.published.push({ kty: 'RSA', kid: 'exponent-2', n: n, e: 'Ag' });
    const long = Buffer.alloc(16_384 / 8, 0xa5);
    issuer.published.push({ kty: 'RSA', kid: 'rsa-16384', n: long.toString('base64url'), e: 'AQAB' });
    env = await TestEnvironment.open({
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:
  - { issuer: '${issuer.url}', audience: print-gateway, algorithms: [RS256, ES256, ES384], jwksUri: '${issuer.url}/jwks' }`,
        ),
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const token = (kid: string, alg = 'RS256') => {
    const input = `${part({ alg, kid })}.${part(issuer.claims())}`;
    const key = privateKeys.get(kid) as KeyObject;
    const hash = `sha${alg.slice(2)}`;
    return `${input}.${signBytes(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const ask = async (text: string | Promise<string>) => env.with(text).get(fixtures.counts);

  it.each([
    ['RSA of 2,048 bits', 'rsa-2048', 'RS256'],
    ['RSA with the exponent 3', 'rsa-3', 'RS256'],
    ['RSA with key_ops: verify', 'ops-verify', 'RS256'],
    ['RSA with an empty key id', '', 'RS256'],
    ['RSA with a very long key id', 'k'.repeat(1_000), 'RS256'],
    ['P-256', 'p256', 'ES256'],
    ['P-384', 'p384', 'ES384'],
  ])('of %s verifies its tokens, beside keys that cannot', async (_, kid, alg) => {
    expect((await ask(token(kid, alg))).status).toBe(200);
  });

  it.each([
    ['RSA of 512 bits', 'rsa-512', 'RS256'],
    ['RSA of 1,024 bits', 'rsa-1024', 'RS256'],
    ['RSA of 2,047 bits', 'rsa-2047', 'RS256'],
    ['RSA for encryption', 'enc', 'RS256'],
    ['RSA that may only encrypt', 'ops', 'RS256'],
    ['RSA for another algorithm', 'for-rs512', 'RS256'],
    ['RSA that cannot be read', 'broken', 'RS256'],
    ['no type', 'no-kty', 'RS256'],
    ['RSA, published with its private part', 'private', 'RS256'],
    ['P-384 for ES256', 'p384', 'ES256'],
    ['P-256 for ES384', 'p256', 'ES384'],
    ['secp256k1 for ES256', 'secp256k1', 'ES256'],
  ])('of %s verifies nothing', async (_, kid, alg) => {
    const response = await ask(token(kid, alg));
    expect(response.status).toBe(401);
    expect(response.body.detail).toMatch(/unknown key|wrong length/);
  });

  /** With the exponent 1 the signature is the padded digest itself: nobody needs a private key to make it. */
  it('of RSA with the exponent 1 or 2 verifies nothing', async () => {
    for (const kid of ['exponent-1', 'exponent-2', 'rsa-16384']) {
      const input = `${part({ alg: 'RS256', kid })}.${part(issuer.claims())}`;
      const response = await ask(`${input}.${Buffer.alloc(256, 1).toString('base64url')}`);
      expect(response.status).toBe(401);
      expect(response.body.detail).toMatch(/unknown key/);
    }
  });

  it('that is passed over is named in the log once, with the reason', () => {
    const lines = env.output.split('\n').filter((line) => line.includes('passed over'));
    for (const [kid, reason] of [
      ['rsa-1024', '1024 bits'],
      ['rsa-16384', '16384 bits'],
      ['exponent-1', 'exponent'],
      ['broken', '0 bits'],
      ['private', 'private'],
    ] as const) {
      const said = lines.filter((line) => line.includes(JSON.stringify(`"${kid}"`).slice(1, -1)));
      expect([kid, said.length]).toEqual([kid, 1]);
      expect(said[0]).toContain(reason);
    }
    // A key for encryption is nothing to be said about.
    expect(lines.filter((line) => line.includes('\\"enc\\"'))).toEqual([]);
  });

  describe('and one token has one spelling (RFC 7515 §2)', () => {
    const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

    /** The same bytes, with another last character where the encoding leaves bits over. */
    const respelled = (text: string) => {
      const last = DIGITS.indexOf(text.at(-1) ?? '');
      return text.slice(0, -1) + DIGITS.charAt(last ^ 1);
    };
    const spare = (text: string) => text.length % 4 !== 0;
    const parts = (text: string) => text.split('.') as [string, string, string];

    it('so that bits that no byte needs are zero in each of its parts', async () => {
      for (const index of [0, 1, 2]) {
        // Padded until the part leaves bits over.
        for (let pad = 0; ; pad += 1) {
          const header = { kid: 'good', x: 'x'.repeat(index === 0 ? pad : 0) };
          const text = await issuer.sign(good, { pad: 'x'.repeat(index === 1 ? pad : 0) }, header);
          const all = parts(text);
          if (!spare(all[index] as string)) continue;
          expect((await ask(text)).status).toBe(200);
          all[index] = respelled(all[index] as string);
          for (let time = 0; time < 2; time += 1) {
            const response = await ask(all.join('.'));
            expect(response.status).toBe(401);
            expect(response.body.detail).toMatch(/base64url/);
          }
          break;
        }
      }
    });

    it('without padding, without a lonely character, in the digits of base64url', async () => {
      const text = await issuer.sign(good);
      const [header, payload, signature] = parts(text);
      for (const other of [
        `${text}=`,
        `${text}==`,
        `${header}.${payload}=.${signature}`,
        `${text}AAA`.slice(0, -2),
      ]) {
        expect((await ask(other)).status).toBe(401);
      }
      const classic = text.replaceAll('-', '+').replaceAll('_', '/');
      expect(classic).not.toBe(text);
      expect((await ask(classic)).status).toBe(401);
      expect((await ask(text)).status).toBe(200);
    });
  });

  it.each([1, 63, 65, 132])('verifies no ES256 signature of %i bytes', async (length) => {
    const [header, payload] = token('p256', 'ES256').split('.');
    const response = await ask(`${header}.${payload}.${Buffer.alloc(length, 1).toString('base64url')}`);
    expect(response.status).toBe(401);
    expect(response.body.detail).toMatch(/signature/);
  });
});
