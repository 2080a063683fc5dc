import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { Program } from '../support/program.js';
import { RedisServer } from '../support/redis.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const LABEL = 'for-the-front-desk';
const DUMP = `
  local read = { string = { 'GET' }, zset = { 'ZRANGE', 0, -1 }, stream = { 'XRANGE', '-', '+' }, hash = { 'HGETALL' } }
  local all = {}
  for _, key in ipairs(redis.call('KEYS', '*')) do
    local command, from, to = unpack(read[redis.call('TYPE', key).ok])
    all[#all + 1] = { key, from and redis.call(command, key, from, to) or redis.call(command, key) }
  end
  return all`;

describe('the command forget', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    // What became of a lost print is not found out by itself.
    env = await TestEnvironment.open({ gateway: { REDIS_URL: redis.url, RESOLUTION_SETTLE_MS: '600000' } });
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });

  const forget = async (words: string[], url = redis.url) => {
    const program = new Program('forget', { REDIS_URL: url }, { words });
    const code = await program.ended();
    return { code, out: await eventually(() => program.output) };
  };
  const olga = (...more: string[]) => ['--issuer', env.idpUrl, '--subject', 'olga', ...more];
  const idOf = ({ body }: { body: { printStatus?: { id?: string } } }) => String(body.printStatus?.id);

  /** Everything that stands in Redis, keys and values. */
  const dump = () => redis.commandOf('EVAL', DUMP, '0');

  it('takes one person out of all that Redis holds, and lets no key print again', async () => {
    const key = keyHeader();
    const print = (who: string, headers: Record<string, string>) =>
      env.as(who).post(printPath(), printRequest(), { ...headers, 'x-print-label': LABEL });
    const keyed = idOf(await print('olga', key));
    const plain = idOf(await print('olga', {}));
    const ottos = idOf(await env.as('otto').post(printPath(), printRequest(), keyHeader()));
    await env.as('victor').delete(statusPath(keyed));
    await env.as('olga').get(statusPath(plain));
    // Its answer is lost, and nobody knows yet what became of it.
    await env.emulator.fault({ operation: 'print', kind: 'reset-before', count: 1 });
    const lost = keyHeader();
    expect((await print('olga', lost)).status).toBe(504);
    const look = await forget(olga());
    expect(look).toEqual({ code: 0, out: expect.stringMatching(/jobs: 2,.*Nothing was erased/s) });
    expect(await dump()).toContain(LABEL);

    const first = await forget(olga('--erase'));
    expect(first).toEqual({
      code: 3,
      out: expect.stringMatching(/jobs: 2,.*Stays: 1 request\(s\).*until \d{4}-\d\d-\d\d/s),
    });
    // The key whose outcome is not known is kept, and sends nothing.
    expect((await dump()).match(/olga/g)).toHaveLength(1);
    expect((await print('olga', lost)).body.code).toBe('outcome_still_unknown');

    const [unknown] = (await env.as('anna').get('/api/gateway/v1/unknown-prints')).body as { id: string }[];
    await env
      .as('anna')
      .post(`/api/gateway/v1/unknown-prints/${unknown?.id}`, { outcome: 'not-printed', force: true });
    expect(await dump()).toContain('"subject":"olga"');
    // Its key is free; until no job can show up any more it is told whose it would be.
    const second = await forget(olga('--erase'));
    expect(second).toEqual({
      code: 3,
      out: expect.stringMatching(/audit events: 2\n.*Stays: 1 print\(s\)/s),
    });
    expect((await dump()).match(/olga/g)).toHaveLength(1);

    const printed = await env.emulator.callsOf('print');
    const replay = await print('olga', key);
    expect([replay.status, replay.headers['idempotency-replayed'], idOf(replay)]).toEqual([
      200,
      'true',
      keyed,
    ]);
    expect(await env.emulator.callsOf('print')).toBe(printed);
    for (const id of [keyed, plain]) expect((await env.as('olga').get(statusPath(id))).status).toBe(404);
    expect((await env.as('olga').get('/api/gateway/v1/jobs')).body.jobs).toEqual([]);

    // Whoever sees everybody's jobs sees that there were these, and not whose.
    const { body } = await env.as('anna').get('/api/gateway/v1/jobs?scope=any');
    const seen = new Map((body.jobs as { printStatusId: string }[]).map((job) => [job.printStatusId, job]));
    expect(seen.get(keyed)).toMatchObject({
      printerId: fixtures.printer,
      label: null,
      owner: { subject: '', tenant: null },
    });
    expect(seen.get(ottos)).toMatchObject({ owner: { subject: 'otto', tenant: 'acme' } });
  });

  it('leaves an audit event behind that does not say of whom', async () => {
    await env.as('otto').post(printPath(), printRequest(), keyHeader());
    const words = ['--issuer', env.idpUrl, '--subject', 'otto', '--tenant', 'acme', '--erase'];
    expect((await forget(words)).code).toBe(0);
    const [newest = ''] = (await redis.command('XREVRANGE print-gateway:audit + - COUNT 1'))
      .split('\n')
      .slice(-1);
    expect(JSON.parse(newest)).toEqual({
      at: expect.any(String),
      by: 'operator',
      operation: 'forget',
      outcome: 'done',
      erased: { jobs: 2, events: 2, counters: expect.any(Number), staying: 0 },
    });
    expect(await dump()).not.toContain('otto');
    expect(await forget(words)).toEqual({ code: 0, out: expect.stringContaining('jobs: 0,') });
  });

  it('takes all away when it is run again after it broke off', async () => {
    await env.as('sonja').post(printPath(), printRequest(), keyHeader());
    const sonja = ['--issuer', env.idpUrl, '--subject', 'sonja', '--erase'];
    // May write everything but the audit.
    const rights = ['%R~*', '~print-gateway:[^a]*', '&*', '+@all'];
    await redis.commandOf('ACL', 'SETUSER', 'breaking', 'on', '>password', ...rights);
    const broken = await forget(sonja, redis.url.replace('//', '//breaking:password@'));
    expect(broken).toEqual({ code: 1, out: expect.stringContaining('run it again for the rest') });
    expect(await dump()).toContain('sonja');
    expect((await forget(sonja)).code).toBe(0);
    expect(await dump()).not.toContain('sonja');
    // Counters stand under a digest of person and tenant: they are found when both are named.
    expect((await forget([...sonja, '--tenant', 'acme'])).out).toMatch(/counters of cards and requests: 0$/m);
  });

  it('means the person of this issuer and tenant only', async () => {
    await env.as('sonja').post(printPath(), printRequest(), keyHeader());
    for (const [issuer, tenant] of [
      ['https://other.example.com', 'acme'],
      [env.idpUrl, 'globex'],
    ] as const) {
      const words = ['--issuer', issuer, '--subject', 'sonja', '--tenant', tenant, '--erase'];
      expect(await forget(words)).toEqual({ code: 0, out: expect.stringContaining('letter by letter') });
    }
    expect(await dump()).toContain('sonja');
  });
});
