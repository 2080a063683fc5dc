import { exportSPKI, importJWK, SignJWT, type CryptoKey } from 'jose';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { newKey, TestIssuer } from '../support/issuer.js';
import { the } from '../support/the.js';

type Key = Awaited<ReturnType<typeof newKey>>;

const pem = async ({ jwk }: Key) => exportSPKI((await importJWK(jwk, 'RS256')) as CryptoKey);

describe('keys that are known', () => {
  let house: House;
  let issuer: TestIssuer;
  let key: Key;
  let fileKey: Key;
  const refreshMs = 1_000;
  const maxAgeMs = 4_000;

  beforeEach(async () => {
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('key-1');
    fileKey = await newKey('file');
    house = await House.open({
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:
  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks' }
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
  afterEach(async () => {
    await house.close();
    await issuer.stop();
  });

  const read = async (token: string | Promise<string>) => house.with(token).get(the.counts);
  const status = async (token: string | Promise<string>) => (await read(token)).status;
  const write = (name: string, text: string) => writeFileSync(join(house.directory, name), text);

  it('are fetched without traffic, so that a token ends with its key, though nobody asks for another', async () => {
    const other = await issuer.publishKey('key-2');
    const [token, lasting] = await Promise.all([issuer.sign(key), issuer.sign(other)]);
    await eventually(async () => expect([await status(token), await status(lasting)]).toEqual([200, 200]));
    issuer.published = issuer.published.filter(({ kid }) => kid === 'key-2');
    const before = issuer.fetches;
    await eventually(() => expect(issuer.fetches).toBeGreaterThan(before + 1));
    expect([await status(token), await status(lasting)]).toEqual([401, 200]);
    expect(await status(issuer.sign(key, { jti: 'never seen' }))).toBe(401);
  });

  it('serve while the issuer is away only so long; then its known tokens are 503 too, and the log says why', async () => {
    const token = await issuer.sign(key);
    expect(await status(token)).toBe(200);
    issuer.isAway = true;
    await eventually(() => expect(house.output).toContain('cannot be fetched'));
    expect(await status(token)).toBe(200);
    await eventually(async () => {
      const response = await read(token);
      expect(response.status).toBe(503);
      expect(response.body.type).toBe('/problems/issuer-keys-unavailable');
    });
    await eventually(() => expect(house.output).toContain('too old to be used'));
    const said = house.output.split('\n').filter((line) => line.includes('cannot be fetched'));
    expect(said.length).toBe(1);
    expect(said[0]).toContain('the issuer answered 500');
    const metrics = await (await fetch(`${house.gateway(0).managementUrl}/metrics`)).text();
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
    await eventually(() => expect(house.output).toContain('issuers[1].publicKeyFile'));
    expect(await status(token)).toBe(200);
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
    await eventually(() => expect(house.output).toContain('HS256 needs a secret of at least 32 bytes'));
    expect([await status(old), await status(next)]).toEqual([401, 200]);
  });
});

describe('an address of keys', () => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal)?.address;
  let house: House;
  let issuer: TestIssuer;
  let elsewhere: Server;
  let asked = 0;

  beforeEach(async () => {
    issuer = await TestIssuer.start();
    asked = 0;
    elsewhere = createServer((_request, response) => {
      asked += 1;
      response.end(JSON.stringify({ keys: issuer.published }));
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, resolve));
  });
  afterEach(async () => {
    await house.close();
    await issuer.stop();
    elsewhere.closeAllConnections();
    await new Promise((resolve) => elsewhere.close(resolve));
  });

  const open = async (where: string) => {
    house = await House.open({
      policy: (yaml) =>
        yaml.replace(
          'issuers:',
          `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway${where} }`,
        ),
      gateway: { AUTH_KEYS_RETRY_MS: '100' },
    });
  };
  const ask = async (key: Key) => (await house.with(issuer.sign(key)).get(the.counts)).status;
  const elsewhereUrl = () =>
    `http://${address ?? '0.0.0.0'}:${(elsewhere.address() as AddressInfo).port}/jwks`;

  it('that discovery names is held to the same rule: plain http at another host is not asked', async () => {
    const key = await issuer.publishKey('key-1');
    issuer.jwksUri = elsewhereUrl();
    await open('');
    expect(await ask(key)).toBe(503);
    expect(asked).toBe(0);
    await eventually(() => expect(house.output).toContain('plain http to another machine'));
    expect(house.output).toContain(`"address":"${elsewhereUrl()}"`);
    issuer.jwksUri = undefined;
    await eventually(async () => expect(await ask(key)).toBe(200));
  });

  it('that discovery names may be on plain http where the policy allows it', async () => {
    const key = await issuer.publishKey('key-1');
    issuer.jwksUri = elsewhereUrl();
    await open(', allowHttp: true');
    expect(await ask(key)).toBe(200);
    expect(asked).toBeGreaterThan(0);
  });

  it('that leads elsewhere is not followed, and the log says where it would have led', async () => {
    const key = await issuer.publishKey('key-1');
    await open(`, jwksUri: '${issuer.url}/moved'`);
    expect(await ask(key)).toBe(503);
    expect(issuer.fetches).toBe(0);
    await eventually(() => expect(house.output).toContain('redirects are not followed'));
    expect(house.output).toContain(`"redirectTo":"${issuer.url}/jwks"`);
  });
});
