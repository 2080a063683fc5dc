import { generateKeyPairSync, type KeyObject, type RSAPSSKeyPairKeyObjectOptions } from 'node:crypto';
import type { PolicyFaults } from './policy-faults.js';
import { readPolicy } from './policy-file.js';

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }) as string;
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const ec = (namedCurve: string) => pem(generateKeyPairSync('ec', { namedCurve }).publicKey);
const { publicKey, privateKey } = rsa(2_048);
const pss = (hashAlgorithm?: string) => {
  const bound = { hashAlgorithm, mgf1HashAlgorithm: hashAlgorithm, saltLength: 32 };
  // The types know no key that is bound to no hash.
  const options = {
    modulusLength: 2_048,
    ...(hashAlgorithm && bound),
  } as unknown as RSAPSSKeyPairKeyObjectOptions;
  return pem(generateKeyPairSync('rsa-pss', options).publicKey);
};

/** Where the keys of a policy whose only issuer is this come from. */
function keySourceOf(issuer: string, file: string | Buffer) {
  const yaml = `issuers:\n  - { issuer: 'https://a.example', audience: x, ${issuer} }\nroles: {}\n`;
  return readPolicy(yaml, '/policy', () => Buffer.from(file)).issuers[0]?.keySource;
}

/** The faults of such a policy. */
function faultsOf(issuer: string, file: string | Buffer = ''): readonly string[] {
  try {
    keySourceOf(issuer, file);
    return [];
  } catch (error) {
    return (error as PolicyFaults).faults;
  }
}

describe('the public key file of an issuer', () => {
  it.each([
    ['RSA of 2,048 bits', '[RS256, PS512]', pem(publicKey)],
    ['P-256', '[ES256]', ec('P-256')],
    ['P-521', '[ES512]', ec('P-521')],
    ['RSA-PSS for SHA-256', '[PS256]', pss('sha256')],
    ['a byte order mark', '[RS256]', `\uFEFF${pem(publicKey)}`],
    ['UTF-16', '[RS256]', Buffer.from(`\uFEFF${pem(publicKey)}`, 'utf16le')],
  ])('may hold %s', (_, algorithms, text) => {
    expect(faultsOf(`publicKeyFile: key.pem, algorithms: ${algorithms}`, text)).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    ['RSA of 512 bits', '[RS256]', pem(rsa(512).publicKey), /512 bits; at least 2048/],
    ['RSA of 1,024 bits', '[RS256]', pem(rsa(1_024).publicKey), /1024 bits; at least 2048/],
    ['RSA of 2,040 bits', '[PS256]', pem(rsa(2_040).publicKey), /2040 bits/],
    ['RSA for ES256', '[RS256, ES256]', pem(publicKey), /ES256 needs an EC key/],
    ['P-256 for ES384', '[ES384]', ec('P-256'), /ES384 needs an EC key on the curve secp384r1/],
    ['secp256k1 for ES256', '[ES256]', ec('secp256k1'), /ES256 needs an EC key on the curve prime256v1/],
    ['P-256 for RS256', '[RS256]', ec('P-256'), /RS256 needs an RSA key/],
    ['RSA-PSS for RS256', '[RS256]', pss('sha256'), /RS256 needs an RSA key/],
    ['RSA-PSS for another hash', '[PS512]', pss('sha256'), /PS512 needs an RSA key/],
    ['RSA-PSS for any hash', '[PS256]', pss(), /PS256 needs an RSA key/],
    ['Ed25519', '[ES256]', pem(generateKeyPairSync('ed25519').publicKey), /ES256 needs an EC key/],
    [
      'a private key',
      '[RS256]',
      privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      /private key/,
    ],
    ['no key', '[RS256]', 'no key', /readable public key/],
  ])('may not hold %s', (_, algorithms, text, fault) => {
    const faults = faultsOf(`publicKeyFile: key.pem, algorithms: ${algorithms}`, text);
    expect(faults).toEqual([expect.stringMatching(fault)]);
    expect(faults.join()).not.toContain('BEGIN');
  });
});

describe('the secret file of an issuer (RFC 7518 §3.2)', () => {
  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ])('for %s has at least %i bytes', (algorithm, bytes) => {
    const issuer = `secretFile: secret, algorithms: [${algorithm}]`;
    expect(faultsOf(issuer, Buffer.alloc(bytes, 0xff))).toEqual([]);
    expect(faultsOf(issuer, Buffer.alloc(bytes - 1, 0xff))).toEqual([
      `issuers[0].algorithms: ${algorithm} needs a secret of at least ${bytes} bytes`,
    ]);
  });

  it.each(['\n', '\r\n'])('is no longer for the line end %j that an editor put behind it', (end) => {
    const text = '0123456789abcdef0123456789abcdef';
    const source = keySourceOf('secretFile: secret, algorithms: [HS256]', text + end);
    expect(source).toMatchObject({ secret: Buffer.from(text) });
    expect(faultsOf('secretFile: secret, algorithms: [HS256]', text.slice(1) + end)).toEqual([
      'issuers[0].algorithms: HS256 needs a secret of at least 32 bytes',
    ]);
  });

  it('is long enough for each of the algorithms', () => {
    expect(faultsOf('secretFile: secret, algorithms: [HS256, HS512]', Buffer.alloc(32))).toEqual([
      'issuers[0].algorithms: HS512 needs a secret of at least 64 bytes',
    ]);
  });

  it('is no key in PEM form, which others may know', () => {
    expect(faultsOf('secretFile: secret, algorithms: [HS256]', pem(publicKey))).toEqual([
      expect.stringMatching(/PEM form/),
    ]);
  });
});

describe('the address of an issuer’s keys', () => {
  it.each([
    ["jwksUri: 'http://keys.example'", 'issuers[0].jwksUri'],
    ["jwksUri: 'http://localhost.evil/jwks'", 'issuers[0].jwksUri'],
    ["jwksUri: 'https://user:password@keys.example/'", 'issuers[0].jwksUri'],
    ["jwksUri: 'file:///keys.json', allowHttp: true", 'issuers[0].jwksUri'],
  ])('%s is refused', (issuer, field) => {
    const faults = faultsOf(issuer);
    expect(faults).toEqual([expect.stringContaining(`${field}: keys are fetched from here`)]);
    expect(faults.join()).not.toContain('password@');
  });

  it('is https, or allowed by name', () => {
    expect(faultsOf("jwksUri: 'https://keys.example/jwks?p=x'")).toEqual([]);
    expect(faultsOf("jwksUri: 'http://keys.example/jwks', allowHttp: true")).toEqual([]);
  });
});
