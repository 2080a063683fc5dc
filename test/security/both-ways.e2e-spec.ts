import { eventually } from '../support/eventually.js';
import fc from '../support/fuzz.js';
import { TestEnvironment } from '../support/test-environment.js';
import { TestIssuer, type newKey } from '../support/issuer.js';
import { sendRaw } from '../support/raw.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';
import { asks, comparable, PAGE, pathOf, requestOf, ROLES, type Ask } from './both-ways.js';

const RUNS = Number(process.env.FUZZ_RUNS ?? 250);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_126);

const POLICY = `
  own-reader: { permissions: [ISSUANCE:ADD, ISSUANCE:VIEW], jobs: own, printers: ['${fixtures.printer}', '${fixtures.otherPrinter}'], features: [print] }
  tenant-reader: { permissions: [ISSUANCE:VIEW], jobs: tenant, printers: ['${fixtures.printer}'] }
  any-reader: { permissions: [ISSUANCE:VIEW, REPORTS:VIEW], jobs: any, printers: '*' }
  printer-reader: { permissions: [ISSUANCE:VIEW], jobs: any, printers: ['${fixtures.otherPrinter}'] }
  counter: { permissions: [REPORTS:VIEW], limits: { requestsPerMinute: 1000000 } }
  printer-only: { permissions: [PRINTERS:VIEW], jobs: any, printers: '*' }
`;

/** Two gateways in the same world: one answers by the fast path where it can, the other never. Whoever asks must not find out which. */
describe('the fast path and the framework', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let key: Awaited<ReturnType<typeof newKey>>;
  let stranger: Awaited<ReturnType<typeof newKey>>;
  const ids = new Map<string, string>();
  const etags = new Map<string, string>();
  const tokens = new Map<string, string>();

  const trusting = (yaml: string) =>
    `${yaml.replace('issuers:', `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks', claims: { tenant: tid, roles: roles } }`)}${POLICY}\ncors: { origins: ['${PAGE}'] }\n`;

  beforeAll(async () => {
    redis = await RedisServer.start();
    issuer = await TestIssuer.start();
    [key, stranger] = [await issuer.publishKey('key-1'), await issuer.publishKey('key-2')];
    issuer.published = [key.jwk];
    env = await TestEnvironment.open({
      gateways: 2,
      each: (index) => ({ FAST_PATH: index === 0 ? 'on' : 'off' }),
      gateway: {
        REDIS_URL: redis.url,
        COUNTS_FRESH_MS: '3600000',
        AUTH_KEYS_REFRESH_MS: '1000',
        AUTH_KEYS_COOLDOWN_MS: '500',
        // Recorded is what the caller records; nobody collects it.
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      },
      policy: trusting,
      emulator: { EMULATOR_QUEUED_MS: '1', EMULATOR_CARD_MS: '1' },
    });
    await printJobs();
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
    await redis.stop();
  });

  const sign = (roles: readonly string[], claims: Record<string, unknown> = {}) =>
    issuer.sign(key, { sub: 'tess', tid: 'acme', roles, ...claims });

  /** A final job of each kind, in the memory of both gateways. */
  async function printJobs() {
    const printed = async (claims: Record<string, unknown>, printer: string = fixtures.printer) => {
      const token = await sign(['own-reader'], claims);
      const { body } = await env.with(token).post(printPath(printer), printRequest(), keyHeader());
      return body.printStatus.id as string;
    };
    ids.set('own', await printed({}));
    ids.set('colleague', await printed({ sub: 'tom' }));
    ids.set('stranger', await printed({ sub: 'sam', tid: 'globex' }));
    ids.set('elsewhere', await printed({ sub: 'tom' }, fixtures.otherPrinter));
    const all = await sign(['any-reader']);
    for (const gateway of [0, 1])
      for (const job of [...ids.keys(), 'counts']) {
        const path = pathOf({ job } as Ask, ids);
        await eventually(async () => {
          const { body, headers } = await env.with(all, gateway).get(path);
          if (job !== 'counts') expect(body.status).toBe('COMPLETED');
          expect(headers['cache-status']).toContain('; hit');
          etags.set(job, headers.etag as string);
        });
      }
  }

  async function tokenOf({ token, roles }: Ask): Promise<string | undefined> {
    const name = `${token} ${roles.join()}`;
    const known = tokens.get(name);
    if (known !== undefined && token !== 'unknown') return known;
    const made = await makeToken(token, roles);
    if (made !== undefined) tokens.set(name, made);
    return made;
  }

  async function makeToken(token: Ask['token'], roles: readonly string[]): Promise<string | undefined> {
    if (token === 'none') return undefined;
    if (token === 'malformed') return 'a.b.c';
    if (token === 'expired') return sign(roles, { exp: 1_000 });
    if (token === 'foreign') return sign(roles, { iss: 'https://elsewhere.example' });
    if (token === 'forged') return issuer.sign(stranger, { tid: 'acme', roles }, { kid: 'key-1' });
    return sign(roles, { jti: String(Math.random()) });
  }

  const answersOf = async (ask: Ask) => {
    const text = requestOf(ask, pathOf(ask, ids), await tokenOf(ask), etags.get(ask.job));
    const answers = await Promise.all([0, 1].map((index) => sendRaw(env.gateway(index).url, text).ended));
    return { text, answers };
  };

  const requireSame = async (ask: Ask) => {
    const { text, answers } = await answersOf(ask);
    const [fast, framework] = answers.map((answer) => comparable(answer, ask, [...ids.values()]));
    expect({ text, answer: fast }).toEqual({ text, answer: framework });
    expect(answers[0]).toMatch(/^HTTP\/1\.1 [1-5]\d\d /);
  };

  const requireSameForAll = (runs = RUNS) =>
    fc.assert(fc.asyncProperty(asks, requireSame), { numRuns: runs, seed: SEED, endOnFailure: true });

  const policies = async () => {
    const versions = await Promise.all(
      env.gateways.map(async ({ managementUrl }) => {
        const ready = (await (await fetch(`${managementUrl}/health/ready`)).json()) as {
          policyVersion: string;
        };
        return ready.policyVersion;
      }),
    );
    return versions.join();
  };

  const changePolicy = async (change: (yaml: string) => string) => {
    const before = await policies();
    env.writePolicy((yaml) => change(trusting(yaml)));
    await eventually(async () => {
      const [one, other] = (await policies()).split(',');
      expect([one === other, `${one},${other}` !== before]).toEqual([true, true]);
    });
  };

  it('answer alike, whatever is asked', async () => {
    await requireSameForAll();
  }, 120_000);

  it('answer alike each pair of roles about each job', async () => {
    const pairs = ROLES.flatMap((one, index) =>
      ROLES.slice(index).map((other) => [...new Set([one, other])]),
    );
    const plain = {
      method: 'GET',
      spell: (path: string) => path,
      token: 'known',
      scheme: 'Bearer ',
      headers: [],
      etag: 'none',
    } as const;
    for (const roles of pairs)
      for (const job of ['own', 'colleague', 'stranger', 'elsewhere', 'never', 'counts'] as const)
        await requireSame({ ...plain, roles, job });
  }, 120_000);

  it('answer alike when the policy was changed', async () => {
    await changePolicy((yaml) =>
      yaml
        .replace("jobs: any, printers: '*'", 'jobs: own')
        .replace('jobs: tenant, printers', 'jobs: own, printers'),
    );
    await requireSameForAll(RUNS / 2);
    await changePolicy((yaml) => yaml.replaceAll('ISSUANCE:VIEW, REPORTS:VIEW', 'REPORTS:VIEW'));
    await requireSameForAll(RUNS / 2);
  }, 120_000);

  it('answer alike when a key was withdrawn', async () => {
    await changePolicy((yaml) => yaml);
    const before = await sign(['any-reader']);
    for (const gateway of [0, 1]) await env.with(before, gateway).get(fixtures.counts);
    await issuer.replaceKeys('key-3');
    await eventually(async () => {
      for (const gateway of [0, 1])
        expect((await env.with(before, gateway).get(fixtures.counts)).status).toBe(401);
    }, 20_000);
    await requireSameForAll(RUNS / 2);
  }, 120_000);

  it('were both used', async () => {
    const taken = await Promise.all(
      env.gateways.map(async (gateway) => {
        const metrics = await gateway.metrics();
        return Number(/^print_gateway_fast_path_requests_total (\d+)$/m.exec(metrics)?.[1] ?? 0);
      }),
    );
    expect(taken[0]).toBeGreaterThan(RUNS / 3);
    expect(taken[1]).toBe(0);
  });
});
