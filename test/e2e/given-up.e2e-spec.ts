import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { eventually } from '../support/eventually.js';
import { SseClient } from '../support/sse-client.js';
import { TestEnvironment, UNCACHED } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('what ends without an answer, or long after it began', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateway: { ...UNCACHED, WATCH_INTERVAL_MS: '200' },
      emulator: { EMULATOR_QUEUED_MS: '60000', EMULATOR_CARD_MS: '60000' },
    });
  });
  afterEach(() => env.emulator.reset());
  afterAll(() => env.close());

  const linesOf = (requestId: string) =>
    env.output
      .split('\n')
      .filter((line) => line.includes(requestId) && line.includes('"durationMs"'))
      .map((line) => JSON.parse(line) as object);
  const metrics = async () => env.gateway(0).metrics();
  const count = async (series: string) =>
    Number((await metrics()).split(`print_gateway_${series} `)[1]?.split('\n')[0] ?? 0);
  /** Sends it, and closes the connection while the upstream takes its time. */
  const giveUp = async (operation: 'print' | 'getPrintCounts', path: string, body?: object) => {
    await env.emulator.fault({ operation, kind: 'latency', milliseconds: 700, count: 1 });
    const called = await env.emulator.callsOf(operation);
    const requestId = randomUUID();
    const caller = new AbortController();
    const asking = request(env.gatewayUrl + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${await env.tokenOf('olga')}`,
        'x-request-id': requestId,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body ? JSON.stringify(body) : null,
      signal: caller.signal,
    }).then(
      () => 'answered',
      () => 'given up',
    );
    await eventually(async () => expect(await env.emulator.callsOf(operation)).toBe(called + 1));
    caller.abort();
    expect(await asking).toBe('given up');
    return requestId;
  };
  const printed = async () =>
    String((await env.as('olga').post(printPath(), printRequest())).body.printStatus.id);

  it('logs and counts a print whose caller gave up, and says that it was done', async () => {
    const jobs = (await env.jobsUpstream()).length;
    const requestId = await giveUp('print', printPath(), printRequest());
    const route = '/api/web/v1/printers/:printerId/print';
    await eventually(() =>
      expect(linesOf(requestId)[0]).toMatchObject({ msg: 'request', route, status: 499 }),
    );
    await eventually(() =>
      expect(linesOf(requestId)[1]).toMatchObject({
        msg: 'answered after its caller had gone',
        route,
        answer: 200,
      }),
    );
    expect(await env.jobsUpstream()).toHaveLength(jobs + 1);
    const series = `request_duration_seconds_count{method="POST",route="${route}",status="499"}`;
    expect(await count(series)).toBe(1);
    expect(linesOf(requestId)).toHaveLength(2);
  });

  it('logs and counts a polled read whose caller gave up', async () => {
    const requestId = await giveUp('getPrintCounts', fixtures.counts);
    await eventually(() =>
      expect(linesOf(requestId)).toMatchObject([
        { msg: 'request', route: fixtures.counts, status: 499, answer: 200 },
      ]),
    );
    const series = `request_duration_seconds_count{method="GET",route="${fixtures.counts}",status="499"}`;
    expect(await count(series)).toBe(1);
  });

  it('logs a stream once when it has ended, with its reason and its length, and measures it apart', async () => {
    const id = await printed();
    const path = `/api/gateway/v1/jobs/${id}/events`;
    const [toTheEnd, cut] = await Promise.all(
      [1, 2].map(async () => new SseClient(env.gatewayUrl + path, await env.tokenOf('olga'))),
    );
    await Promise.all([toTheEnd?.until('QUEUED'), cut?.until('QUEUED')]);
    expect(await metrics()).toContain('print_gateway_event_streams 2');
    cut?.close();
    await eventually(async () =>
      expect(await count('event_stream_duration_seconds_count{reason="caller-gone"}')).toBe(1),
    );
    await env.emulator.advance(121_000);
    await toTheEnd?.until('COMPLETED');
    await eventually(async () =>
      expect(await count('event_stream_duration_seconds_count{reason="end"}')).toBe(1),
    );
    const streams = () => env.output.split('\n').filter((line) => line.includes('"msg":"event stream"'));
    await eventually(() =>
      expect(streams().map((line) => JSON.parse(line) as object)).toMatchObject([
        { status: 200, reason: 'caller-gone', events: 1, durationMs: expect.any(Number), subject: 'olga' },
        { status: 200, reason: 'end', events: expect.any(Number), durationMs: expect.any(Number) },
      ]),
    );
    expect(await metrics()).not.toMatch(/request_duration_seconds_count\{[^}]*events[^}]*status="200"/);
  });

  it('does not take the time for which a caller asked to wait for a slow answer', async () => {
    const path = statusPath(await printed());
    const { headers } = await env.as('olga').get(path);
    const requestId = randomUUID();
    const waiting = { 'x-request-id': requestId, prefer: 'wait=2', 'if-none-match': String(headers.etag) };
    expect((await env.as('olga').get(path, waiting)).status).toBe(304);
    await eventually(() => expect(linesOf(requestId)).toMatchObject([{ waitedMs: expect.any(Number) }]));
    const { durationMs } = linesOf(requestId)[0] as { durationMs: number };
    expect(durationMs).toBeGreaterThan(1_900);
    const route = 'method="GET",route="/api/web/v1/printers/print/:printStatusId",status="304"';
    expect(await count(`request_duration_seconds_sum{${route}}`)).toBeLessThan(1);
  });
});
