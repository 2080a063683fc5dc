import { exportSPKI, importJWK, SignJWT, type CryptoKey } from 'jose';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { newKey, TestIssuer } from '../support/issuer.js';
import { fixtures } from '../support/fixtures.js';

type Key = Awaited<ReturnType<typeof newKey>>;

const pem = async ({ jwk }: Key) => exportSPKI((await importJWK(jwk, 'RS256')) as CryptoKey);

describe('keys that are known', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Key;
  let fileKey: Key;
  /** Loses a key in a test, while the other keeps all of its own. */
  let forgetful: TestIssuer;
  const refreshMs = 1_000;
  const maxAgeMs = 4_000;

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    forgetful = await TestIssuer.start();
    key = await issuer.publishKey('key-1');
    fileKey = await newKey('file');
    const trusted = [issuer, forgetful].map(
      ({ url }) => `  - { issuer: '${url}', audience: print-gateway, jwksUri: '${url}/jwks' }`,
    );
    env = await TestEnvironment.open({
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:
${trusted.join('\n')}
  - { issuer: 'https://file.example', audience: print-gateway, publicKeyFile: file.pem }
  - { issuer: 'https://shared.example', audience: print-gateway, algorithms: [HS256], secretFile: secret }`,
        ),
      files: { 'file.pem': await pem(fileKey), secret: 's'.repeat(32) },
      gateway: {
        AUTH_KEYS_REFRESH_MS: String(refreshMs),
        AUTH_KEYS_MAX_AGE_MS: String(maxAgeMs),
        AUTH_KEYS_RETRY_MS: '300',
      },
    });
  });
  afterAll(async () => {
    await env.close();
    await Promise.all([issuer.stop(), forgetful.stop()]);
  });

  const read = async (token: string | Promise<string>) => env.with(token).get(fixtures.counts);
  const status = async (token: string | Promise<string>) => (await read(token)).status;
  const write = (name: string, text: string) => writeFileSync(join(env.directory, name), text);

  it('are fetched without traffic, so that a token ends with its key, though nobody asks for another', async () => {
    const [ending, other] = [await forgetful.publishKey('key-1'), await forgetful.publishKey('key-2')];
    const [token, lasting] = await Promise.all([forgetful.sign(ending), forgetful.sign(other)]);
    await eventually(async () => expect([await status(token), await status(lasting)]).toEqual([200, 200]));
    forgetful.published = forgetful.published.filter(({ kid }) => kid === 'key-2');
    const before = forgetful.fetches;
    await eventually(() => expect(forgetful.fetches).toBeGreaterThan(before + 1));
    expect([await status(token), await status(lasting)]).toEqual([401, 200]);
    expect(await status(forgetful.sign(ending, { jti: 'never seen' }))).toBe(401);
  });

  it('serve while the issuer is away only so long; then its known tokens are 503 too, and the log says why', async () => {
    const token = await issuer.sign(key);
    expect(await status(token)).toBe(200);
    issuer.isAway = true;
    await eventually(() => expect(env.output).toContain('cannot be fetched'));
    expect(await status(token)).toBe(200);
    await eventually(async () => {
      const response = await read(token);
      expect(response.status).toBe(503);
      expect(response.body.type).toBe('/problems/issuer-keys-unavailable');
    });
    await eventually(() => expect(env.output).toContain('too old to be used'));
    const said = env.output.split('\n').filter((line) => line.includes('cannot be fetched'));
    expect(said.length).toBe(1);
    expect(said[0]).toContain('the issuer answered 500');
    const metrics = await env.gateway(0).metrics();
    const age = new RegExp(`^print_gateway_issuer_keys_age_seconds\\{issuer="${issuer.url}"\\} (\\S+)$`, 'm');
    expect(Number(age.exec(metrics)?.[1])).toBeGreaterThan(maxAgeMs / 1000);
    issuer.isAway = false;
    await eventually(async () => expect(await status(token)).toBe(200));
  });

  it('in a file come in when the file changes, and end the tokens of the old key', async () => {
    const old = await issuer.sign(fileKey, { iss: 'https://file.example' });
    expect(await status(old)).toBe(200);
    const next = await newKey('next');
    const token = await issuer.sign(next, { iss: 'https://file.example' });
    expect(await status(token)).toBe(401);
    write('file.pem', await pem(next));
    await eventually(async () => expect([await status(token), await status(old)]).toEqual([200, 401]));
    write('file.pem', 'no key');
    await eventually(() => expect(env.output).toContain('issuers[2].publicKeyFile'));
    expect(await status(token)).toBe(200);
    write('file.pem', await pem(next));
  });

  it('and secrets in a file come in when it changes, and end the tokens of the old one', async () => {
    const sign = (secret: string) =>
      new SignJWT({ ...issuer.claims(), iss: 'https://shared.example' })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(Buffer.from(secret));
    const [old, next] = [await sign('s'.repeat(32)), await sign('t'.repeat(32))];
    expect([await status(old), await status(next)]).toEqual([200, 401]);
    write('secret', 't'.repeat(32));
    await eventually(async () => expect([await status(old), await status(next)]).toEqual([401, 200]));
    write('secret', 'short');
    await eventually(() => expect(env.output).toContain('HS256 needs a secret of at least 32 bytes'));
    expect([await status(old), await status(next)]).toEqual([401, 200]);
    write('secret', 't'.repeat(32));
  });
});

describe('an address of keys', () => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal)?.address;
  let env: TestEnvironment;
  let elsewhere: Server;
  /** How often each path elsewhere was asked. */
  const asked = new Map<string, number>();
  let refused: TestIssuer;
  let allowed: TestIssuer;
  let moved: TestIssuer;
  let key: Key;

  beforeAll(async () => {
    [refused, allowed, moved] = [
      await TestIssuer.start(),
      await TestIssuer.start(),
      await TestIssuer.start(),
    ];
    key = await newKey('key-1');
    for (const issuer of [refused, allowed, moved]) issuer.published = [key.jwk];
    elsewhere = createServer(({ url = '' }, response) => {
      asked.set(url, (asked.get(url) ?? 0) + 1);
      response.end(JSON.stringify({ keys: [key.jwk] }));
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, resolve));
    refused.jwksUri = elsewhereUrl('/refused');
    allowed.jwksUri = elsewhereUrl('/allowed');
    env = await TestEnvironment.open({
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:
  - { issuer: '${refused.url}', audience: print-gateway }
  - { issuer: '${allowed.url}', audience: print-gateway, allowHttp: true }
  - { issuer: '${moved.url}', audience: print-gateway, jwksUri: '${moved.url}/moved' }`,
        ),
      gateway: { AUTH_KEYS_RETRY_MS: '100' },
    });
  });
  afterAll(async () => {
    await env.close();
    await Promise.all([refused, allowed, moved].map((issuer) => issuer.stop()));
    elsewhere.closeAllConnections();
    await new Promise((resolve) => elsewhere.close(resolve));
  });

  const ask = async (issuer: TestIssuer) => (await env.with(issuer.sign(key)).get(fixtures.counts)).status;
  const elsewhereUrl = (path: string) =>
    `http://${address ?? '0.0.0.0'}:${(elsewhere.address() as AddressInfo).port}${path}`;

  it('that discovery names is held to the same rule: plain http at another host is not asked', async () => {
    expect(await ask(refused)).toBe(503);
    expect(asked.get('/refused')).toBeUndefined();
    await eventually(() => expect(env.output).toContain('plain http to another machine'));
    expect(env.output).toContain(`"address":"${elsewhereUrl('/refused')}"`);
    refused.jwksUri = undefined;
    await eventually(async () => expect(await ask(refused)).toBe(200));
    expect(asked.get('/refused')).toBeUndefined();
  });

  it('that discovery names may be on plain http where the policy allows it', async () => {
    expect(await ask(allowed)).toBe(200);
    expect(asked.get('/allowed')).toBeGreaterThan(0);
  });

  it('that leads elsewhere is not followed, and the log says where it would have led', async () => {
    expect(await ask(moved)).toBe(503);
    expect(moved.fetches).toBe(0);
    await eventually(() => expect(env.output).toContain('redirects are not followed'));
    expect(env.output).toContain(`"redirectTo":"${moved.url}/jwks"`);
  });
});
