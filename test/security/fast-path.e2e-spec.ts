import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { type newKey, TestIssuer } from '../support/issuer.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

/** What is known is answered without a look at anything but memory. It is refused all the same, from the next request on. */
describe('a read that is answered from memory', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Awaited<ReturnType<typeof newKey>>;
  const trusting = (yaml: string) =>
    withoutQuotas(yaml).replace(
      'issuers:',
      `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks', claims: { tenant: tid, roles: roles } }`,
    );

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('key-1');
    env = await TestEnvironment.open({
      policy: trusting,
      gateway: {
        AUTH_KEYS_REFRESH_MS: '1000',
        AUTH_KEYS_COOLDOWN_MS: '500',
        AUTH_CLOCK_TOLERANCE_SECONDS: '0',
      },
      emulator: { EMULATOR_QUEUED_MS: '1', EMULATOR_CARD_MS: '1' },
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const sign = (claims: Record<string, unknown> = {}) =>
    issuer.sign(key, { tid: 'acme', roles: ['supervisor'], ...claims });
  const read = (token: string, id: string) => env.with(token).get(statusPath(id));

  /** A job of this caller's that is final, read until it comes from memory. */
  const known = async (token: string): Promise<string> => {
    const headers = { 'idempotency-key': `k-${Math.random()}` };
    const printed = await env.with(token).post(printPath(), printRequest(), headers);
    const id = printed.body.printStatus.id as string;
    await eventually(async () => {
      const { body, headers: answered } = await read(token, id);
      expect(body.status).toBe('COMPLETED');
      expect(answered['cache-status']).toContain('; hit');
    });
    return id;
  };

  it('is refused when the key of its token is revoked', async () => {
    const token = await sign();
    const id = await known(token);
    const revoked = key;
    key = await issuer.replaceKeys('key-2');
    // The gateway looks for new keys each second; from when it knows, nothing that is known helps.
    await eventually(async () => {
      await env.with(await issuer.sign(revoked, { jti: String(Math.random()) })).get(statusPath(id));
      expect((await read(token, id)).status).toBe(401);
    });
    expect((await read(token, id)).status).toBe(401);
  });

  it('is refused when its token ends', async () => {
    const id = await known(await sign());
    const endsAt = Math.floor(Date.now() / 1000) + 3;
    const token = await sign({ exp: endsAt });
    expect((await read(token, id)).headers['cache-status']).toContain('; hit');
    await delay(endsAt * 1000 - Date.now());
    expect((await read(token, id)).status).toBe(401);
  });

  it('is refused when the policy takes the permission, or narrows whose jobs are seen', async () => {
    const [owner, colleague] = [await sign(), await sign({ sub: 'tom' })];
    const id = await known(owner);
    await eventually(async () =>
      expect((await read(colleague, id)).headers['cache-status']).toContain('; hit'),
    );
    env.writePolicy((yaml) => trusting(yaml).replace('jobs: tenant', 'jobs: own'));
    await eventually(async () => expect((await read(colleague, id)).status).toBe(404));
    expect((await read(owner, id)).status).toBe(200);
    env.writePolicy((yaml) => trusting(yaml).replaceAll('ISSUANCE:VIEW, ', ''));
    await eventually(async () => expect((await read(owner, id)).status).toBe(403));
    env.writePolicy(trusting);
    await eventually(async () => expect((await read(colleague, id)).status).toBe(200));
  });

  it('is refused to whoever it does not belong to, however well it is known', async () => {
    const id = await known(await sign());
    for (const stranger of [
      { sub: 'sam', tid: 'globex' },
      { sub: 'sam', roles: ['card-operator'] },
    ])
      expect((await read(await sign(stranger), id)).status).toBe(404);
  });

  it('costs one check of a signature for each token, refused ones too', async () => {
    const checks = async () => {
      const text = await env.gateway(0).metrics();
      return Number(/^print_gateway_signature_checks (\d+)$/m.exec(text)?.[1]);
    };
    const token = await sign();
    const id = await known(token);
    const before = await checks();
    const forged = `${token.slice(0, -8)}AAAAAAAA`;
    const ended = await sign({ exp: 1_000 });
    const foreign = await sign({ aud: 'another' });
    for (const refused of [forged, ended, foreign]) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => read(refused, id)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    }
    const another = await sign({ jti: 'another' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(another, id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // The forged one and the new one.
    expect(await checks()).toBe(before + 2);
  });
});
