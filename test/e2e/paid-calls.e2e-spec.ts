import { eventually } from '../support/eventually.js';
import { SseClient } from '../support/sse-client.js';
import { ANY_RATE, TestEnvironment } from '../support/test-environment.js';
import { withinOneMinute } from '../support/minute.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const LIMIT = 40;
const JOBS = '/api/gateway/v1/jobs';

interface Me {
  readonly statements: readonly { readonly limits: { readonly requestsPerMinute: number | null } }[];
}

describe('calls of the upstream that a caller causes', () => {
  let env: TestEnvironment;
  // What is done to prepare a test is not counted.
  const unlimited = (yaml: string) => yaml.replaceAll(new RegExp(`,? ?${ANY_RATE}`, 'g'), '');
  const limited = (yaml: string) => yaml.replaceAll(ANY_RATE, `requestsPerMinute: ${LIMIT}`);
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateway: { WATCH_INTERVAL_MS: '50', STATUS_FRESH_MS: '50', LISTED_STATUS_FRESH_MS: '0' },
      emulator: { EMULATOR_CARD_MS: '600000' },
      policy: unlimited,
    });
    for (const who of ['olga', 'otto', 'oscar', 'sven', 'anna']) await env.tokenOf(who);
  });
  afterAll(() => env.close());
  afterEach(async () => {
    env.writePolicy(unlimited);
    await eventually(async () => expect(await limitOf('olga')).toBeNull());
  });

  const calls = () => env.emulator.callsOf('getPrintStatus');
  const limitOf = async (who: string) =>
    ((await env.as(who).get('/api/gateway/v1/me')).body as Me).statements[0]?.limits.requestsPerMinute;
  const limit = async () => {
    env.writePolicy(limited);
    await eventually(async () => expect(await limitOf('victor')).toBe(LIMIT));
  };
  const print = async (who: string, count: number, printer: string = fixtures.printer) => {
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1)
      ids.push(
        (await env.as(who).post(printPath(printer), printRequest(), keyHeader())).body.printStatus
          .id as string,
      );
    return ids;
  };
  const list = async (who: string, query: string) => {
    const { status, body } = await env.as(who).get(`${JOBS}?${query}`);
    return { status, ...(body as { jobs: { status: string | null }[]; next: string | null }) };
  };

  it('for the statuses of a list are counted, and leave enough to print', async () => {
    await print('olga', 30);
    await withinOneMinute();
    await limit();
    const before = await calls();
    const pages = [];
    for (let i = 0; i < 6; i += 1) pages.push(await list('olga', 'limit=30'));
    expect((await calls()) - before).toBeLessThanOrEqual(0.75 * LIMIT + 1);
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
    // What cannot be asked for any more is shown as it was seen last, as far as it was.
    expect(pages.map(({ jobs }) => jobs.length)).toEqual(Array.from({ length: 6 }, () => 30));
    expect(pages.at(-1)?.jobs.filter(({ status }) => status === 'QUEUED').length).toBeGreaterThanOrEqual(20);
    expect((await env.as('olga').post(printPath(), printRequest())).status).toBe(200);
  });

  it('by a filter are counted: its pages end where no more may be asked for, and none is left out', async () => {
    const printed = await print('otto', 30);
    await withinOneMinute();
    await limit();
    const before = await calls();
    const first = await list('otto', 'status=NEVER');
    expect([first.status, first.jobs, typeof first.next]).toEqual([200, [], 'string']);
    const asked = (await calls()) - before;
    expect(asked).toBeGreaterThanOrEqual(LIMIT / 2);
    expect(asked).toBeLessThan(printed.length);
    const refused = await env.as('otto').get(`${JOBS}?status=NEVER&cursor=${first.next}`);
    expect([refused.status, refused.body.type]).toEqual([429, '/problems/rate-exceeded']);
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    // What is known costs nothing.
    const known = await list('otto', `status=QUEUED&limit=${asked}`);
    expect(known.jobs).toHaveLength(asked);
  });

  it('by waiting are counted to those who wait; a wait ends in time with what is known', async () => {
    const ids = await print('oscar', 8);
    const etags: string[] = [];
    for (const id of ids) etags.push((await env.as('oscar').get(statusPath(id))).headers.etag as string);
    await withinOneMinute(12_000);
    await limit();
    const before = await calls();
    const waits = ids.map((id, i) =>
      env.as('oscar').get(statusPath(id), { prefer: 'wait=2', 'if-none-match': etags[i] ?? '' }),
    );
    expect(new Set((await Promise.all(waits)).map(({ status }) => status))).toEqual(new Set([304]));
    expect((await calls()) - before).toBeLessThanOrEqual(LIMIT);
  });

  it('by streams are counted to those who follow, in turn; the streams stay open', async () => {
    // Where no other job is before it.
    const [id = ''] = await print('sven', 1, fixtures.otherPrinter);
    await env.emulator.advance(60_500);
    await withinOneMinute(15_000);
    await limit();
    const before = await calls();
    const followers = [];
    for (const who of ['sven', 'anna'])
      followers.push(new SseClient(`${env.gatewayUrl}${JOBS}/${id}/events`, await env.tokenOf(who)));
    // The administrator has no limit, and pays when nobody else can.
    await eventually(async () => expect((await calls()) - before).toBeGreaterThan(2 * LIMIT), 15_000);
    followers[1]?.close();
    const alone = await calls();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await calls()) - alone).toBeLessThanOrEqual(0.75 * LIMIT);
    expect(followers[0]?.events).toEqual(['status']);
    expect((await env.as('sven').get(fixtures.printers)).status).toBe(200);
    followers[0]?.close();
  });
});
