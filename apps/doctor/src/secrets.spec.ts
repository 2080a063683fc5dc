import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#libs/config';
import { readPolicy } from '#libs/policy';
import { SETTINGS } from '../../gateway/src/settings.js';
import { redacted } from './redacted.js';
import { Secrets } from './secrets.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

it.each<[string, Record<string, string>, string[]]>([
  ['the application', { IDAAS_SHARED_SECRET: 'shared-secret' }, ['shared-secret', base64('shared-secret')]],
  ['Redis', { REDIS_URL: 'redis://user:p%40ss-of-redis@h' }, ['p@ss-of-redis', 'p%40ss-of-redis']],
  [
    'sentinels',
    { REDIS_URL: 'redis+sentinel://h/main', REDIS_SENTINEL_PASSWORD: 'of-sentinels' },
    ['of-sentinels'],
  ],
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'IDAAS_PROXY', 'https_proxy'].map(
    (name): [string, Record<string, string>, string[]] => [
      name,
      { [name]: 'http://user:p%40ss:of-the-proxy@h:3128' },
      ['p@ss:of-the-proxy', 'p%40ss%3Aof-the-proxy', base64('user:p@ss:of-the-proxy')],
    ],
  ),
])('the secrets of the settings are known: of %s', (_, environment, secrets) => {
  const known = new Secrets();
  known.addOfSettings(
    loadConfig(SETTINGS, {
      IDAAS_BASE_URL: 'https://h',
      IDAAS_APPLICATION_ID: 'a',
      IDAAS_SHARED_SECRET: 's',
      ...environment,
    }),
  );
  for (const secret of secrets) expect(redacted(`a ${secret} b`, known.all)).toBe('a *** b');
});

it('the secrets of the policy are known', () => {
  const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const signing = 'a-secret-with-which-tokens-are-signed';
  for (const [name, text] of [
    ['client', 'of-the-client'],
    ['key', pem],
    ['signing', signing],
  ] as const)
    writeFileSync(join(directory, name), text);
  const asking = (authentication: string) =>
    `introspection: { endpoint: 'https://i/ask', clientId: c, authentication: ${authentication} }`;
  const policy = readPolicy(
    `issuers:
  - { issuer: 'https://a', audience: x, ${asking("client_secret_post, clientSecretFile: 'client'")} }
  - { issuer: 'https://b', audience: x, ${asking("private_key_jwt, privateKeyFile: 'key', algorithm: ES256, tokenPrefix: t_")} }
  - { issuer: 'https://c', audience: x, algorithms: [HS256], secretFile: signing }
roles: {}`,
    directory,
  );
  rmSync(directory, { recursive: true });
  const known = new Secrets();
  known.addOfPolicy(policy);
  const line = pem.split('\n')[1] as string;
  for (const secret of ['of-the-client', base64('of-the-client'), pem, line, signing, base64(signing)])
    expect(redacted(`a ${secret} b`, known.all)).toBe('a *** b');
});
