import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readKeySet } from './key-set.js';

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey;
const [one, two] = [rsa(), rsa()];
const ed25519 = generateKeyPairSync('ed25519').publicKey;
const jwk = (key: KeyObject, members: object = {}) => ({ ...key.export({ format: 'jwk' }), ...members });
const read = (...keys: unknown[]) => readKeySet(JSON.stringify({ keys }));
const isSame = (found: readonly KeyObject[], expected: readonly KeyObject[]) =>
  found.length === expected.length && found.every((key, index) => key.equals(expected[index] as KeyObject));

describe('a key set', () => {
  it('in the middle of a roll-over has several keys under one id, each of which counts', () => {
    const set = read(jwk(one, { kid: 'k1', use: 'sig' }), jwk(two, { kid: 'k1', use: 'sig' }));
    expect(isSame(set.keysFor({ alg: 'RS256', kid: 'k1' }), [one, two])).toBe(true);
    expect(set.keysFor({ alg: 'RS256', kid: 'k2' })).toEqual([]);
    expect(set.keysFor({ alg: 'ES256', kid: 'k1' })).toEqual([]);
  });

  it('is looked through for a token without a key id, by the algorithm, and not without end', () => {
    const set = read(...Array.from({ length: 50 }, () => jwk(one)), jwk(ed25519));
    expect(set.keysFor({ alg: 'RS256' }).length).toBe(8);
    expect(isSame(set.keysFor({ alg: 'EdDSA' }), [ed25519])).toBe(true);
  });

  it.each([
    ['EdDSA', 'EdDSA'],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
    ['Ed25519', undefined],
  ])('has an Ed25519 key for tokens with alg %s where its own is %s', (alg, own) => {
    const set = read(jwk(ed25519, { kid: 'e', alg: own }));
    expect(isSame(set.keysFor({ alg, kid: 'e' }), [ed25519])).toBe(true);
    expect(set.keysFor({ alg: 'ES256', kid: 'e' })).toEqual([]);
  });

  it.each<[string, object]>([
    ['an empty use', { use: '' }],
    ['a use that is null', { use: null, alg: null, key_ops: null, d: null }],
    ['an empty list of operations and an empty alg', { key_ops: [], alg: '' }],
  ])('with %s in a key has said nothing about it', (_, members) => {
    const set = read(jwk(one, { kid: 'k', ...members }));
    expect(isSame(set.keysFor({ alg: 'RS256', kid: 'k' }), [one])).toBe(true);
    expect(set.passedOver).toEqual([]);
  });

  it.each<[string, unknown, string | undefined]>([
    ['nothing', null, 'an entry of the key set is null'],
    ['a text', 'text', 'an entry of the key set is a string'],
    ['a list', [], 'an entry of the key set is a list of 0'],
    ['a key for encryption', { use: 'enc', kty: 'RSA' }, undefined],
    ['a key that may only encrypt', { key_ops: ['encrypt'], kty: 'RSA' }, undefined],
    ['another use', jwk(two, { use: 'signature' }), 'a key without id: its use is neither sig nor enc'],
    [
      'a secret',
      { kty: 'oct', k: 'AAAA', kid: 's' },
      'key "s": a symmetric key is published, which is no secret then',
    ],
    ['another curve', { kty: 'OKP', crv: 'X25519', x: 'AAAA' }, 'a key without id: its crv is not Ed25519'],
    ['another type', { kty: 'AKP' }, 'a key without id: its kty is none of RSA, EC and OKP'],
    ['a broken key', { kty: 'EC', crv: 'P-256', x: '!', y: '!' }, 'a key without id: the key cannot be read'],
    ['a private key', jwk(two, { d: 'AQ' }), 'a key without id: its private part is published'],
  ])('with %s in it keeps its other keys, and says once what it passes over', (_, entry, fault) => {
    const set = read(entry, jwk(one, { kid: 'k' }), entry);
    expect(isSame(set.keysFor({ alg: 'RS256' }), [one])).toBe(true);
    expect(set.passedOver).toEqual(fault === undefined ? [] : [fault]);
  });

  it('is the same with its members in another order, and another with another key', () => {
    const [first, second] = [jwk(one, { kid: 'a' }), jwk(two, { kid: 'b' })];
    const turned = Object.fromEntries(Object.entries(first).reverse());
    expect(read(second, turned, null).fingerprint).toBe(read(first, second).fingerprint);
    expect(read(jwk(two, { kid: 'a' }), second).fingerprint).not.toBe(read(first, second).fingerprint);
  });
});
