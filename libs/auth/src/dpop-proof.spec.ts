import { hash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { SenderNotProven } from './auth.problems.js';
import { readDpopProof } from './dpop-proof.js';

const TOKEN = 'a.b.c';
const ADDRESS = 'https://cards.example/api/web/v1/printcounts';
const now = () => Math.floor(Date.now() / 1000);

describe('a DPoP proof (RFC 9449 §4.3)', () => {
  let key: CryptoKey;
  let jwk: JWK;
  let jkt: string;
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    key = pair.privateKey;
    jwk = await exportJWK(pair.publicKey);
    jkt = await calculateJwkThumbprint(jwk);
  });

  const CLAIMS = { htm: 'GET', htu: ADDRESS, ath: hash('sha256', TOKEN, 'base64url'), jti: 'j', nonce: 'n' };
  const sign = (claims: object = {}, header: object = {}) =>
    new SignJWT({ iat: now(), ...CLAIMS, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
      .sign(key);
  const read = (proof: string, address = ADDRESS) =>
    readDpopProof(proof, { method: 'GET', address, token: TOKEN, jkt, clockToleranceSeconds: 5 });

  it('for the request, signed with the key of the token, is taken', async () => {
    expect(await read(await sign())).toEqual({ jti: 'j', nonce: 'n' });
    expect(await read(await sign({ nonce: undefined }))).toEqual({ jti: 'j', nonce: undefined });
  });

  it('is for an address, in whatever spelling, and without regard to its query', async () => {
    expect(
      await read(await sign({ htu: 'HTTPS://Cards.Example:443/api/web/v1/printcounts?x=1#y' })),
    ).toBeDefined();
    expect(await read(await sign(), `${ADDRESS}?wait=1`)).toBeDefined();
  });

  it.each<[string, object, RegExp]>([
    ['another method', { htm: 'POST' }, /htm/],
    ['another host', { htu: ADDRESS.replace('cards', 'evil') }, /htu/],
    ['plain http', { htu: ADDRESS.replace('https', 'http') }, /htu/],
    ['another path', { htu: `${ADDRESS}/x` }, /htu/],
    ['a path alone', { htu: '/api/web/v1/printcounts' }, /htu/],
    ['no address', { htu: undefined }, /htu/],
    ['another token', { ath: hash('sha256', 'a.b.d', 'base64url') }, /ath/],
    ['no token', { ath: undefined }, /ath/],
    ['no name', { jti: undefined }, /jti/],
    ['a number as its name', { jti: 7 }, /jti/],
    ['an endless name', { jti: 'x'.repeat(256) }, /jti/],
    ['no time', { iat: undefined }, /iat/],
    ['a time in words', { iat: 'now' }, /no JWT|iat/],
    ['an hour ago', { iat: now() - 3_600 }, /iat/],
    ['an hour ahead', { iat: now() + 3_600 }, /iat/],
    ['an end that is over', { exp: now() - 60 }, /dpop|exp/],
  ])('for %s is refused', async (_, claims, reason) => {
    const refusal = read(await sign(claims));
    await expect(refusal).rejects.toBeInstanceOf(SenderNotProven);
    await expect(refusal).rejects.toThrow(reason);
  });

  it.each<[string, () => Promise<string>]>([
    ['of another type', () => sign({}, { typ: 'JWT' })],
    ['without a key', () => sign({}, { jwk: undefined })],
    ['with its private key', async () => sign({}, { jwk: await exportJWK(key) })],
    ['that is too long', () => sign({ pad: 'x'.repeat(4_000) })],
    ['that is none', () => Promise.resolve('x.y.z')],
    [
      'signed with a secret',
      () =>
        new SignJWT({ iat: now(), ...CLAIMS })
          .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct', k: 'AAAA' } as JWK })
          .sign(Buffer.alloc(32)),
    ],
    [
      'signed with another key than it names',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT({ iat: now(), ...CLAIMS })
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
          .sign(privateKey);
      },
    ],
    [
      'signed with another key than the token is bound to',
      async () => {
        const pair = await generateKeyPair('ES256');
        return new SignJWT({ iat: now(), ...CLAIMS })
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(pair.publicKey) })
          .sign(pair.privateKey);
      },
    ],
  ])('%s is refused', async (_, proof) => {
    await expect(read(await proof())).rejects.toBeInstanceOf(SenderNotProven);
  });
});
