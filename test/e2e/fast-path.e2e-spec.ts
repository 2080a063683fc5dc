import { request } from 'undici';
import { eventually } from '../support/eventually.js';
import { ANY_RATE, TestEnvironment } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const COUNTS = '/api/web/v1/printcounts';
/** Asks for nothing, but is out of the ordinary: such a request goes the framework's way. */
const LONG_WAY = { prefer: 'respond-async' };

interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What the fast path answers must not differ from what comes out of the framework. */
describe('a read by the fast path', () => {
  let env: TestEnvironment;
  let path: string;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      policy: (yaml) => `${yaml}\ncors: { origins: ['https://cards.example.com'] }\n`,
    });
    const { body } = await env.as('olga').post(printPath(), printRequest());
    await env.emulator.advance(120_000);
    path = statusPath(body.printStatus.id as string);
    for (const user of ['olga', 'sonja'] as const) await env.as(user).get(path);
    await env.as('sonja').get(COUNTS);
  });
  afterAll(() => env.close());

  const taken = async () => {
    const text = await env.gateway(0).metrics();
    return Number(/^print_gateway_fast_path_requests_total (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const send = async (path: string, headers: Record<string, string>, requestId: string): Promise<Sent> => {
    // Not with fetch, which puts `Cache-Control: no-cache` beside an `If-None-Match`.
    const response = await request(env.gatewayUrl + path, {
      headers: { ...headers, 'x-request-id': requestId },
    });
    const { date, 'x-request-id': id, ...rest } = response.headers;
    expect(date && id).toBe(requestId);
    const text = (await response.body.text()).replace(requestId, 'its-own');
    return { status: response.statusCode, headers: rest, text };
  };
  const logged = (requestId: string): Promise<Record<string, unknown>> =>
    eventually(() => {
      const line: string | undefined = env.output
        .split('\n')
        .find((each) => each.includes(`"requestId":"${requestId}"`) && each.includes('"msg":"request"'));
      if (line === undefined) throw new Error(`no line for ${requestId}`);
      const { time, durationMs, requestId: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
      expect([typeof time, typeof durationMs]).toEqual(['number', 'number']);
      return rest;
    });
  let turn = 0;
  /** The same request by both ways. */
  const sendBoth = async (path: string, headers: Record<string, string>) => {
    turn += 1;
    const before = await taken();
    const short = await send(path, headers, `short-${turn}`);
    expect(await taken()).toBe(before + 1);
    const long = await send(path, { ...headers, ...LONG_WAY }, `other-${turn}`);
    expect(await taken()).toBe(before + 1);
    expect(short).toEqual(long);
    expect(await logged(`short-${turn}`)).toEqual(await logged(`other-${turn}`));
    return short;
  };
  /** Until both were answered within the same second. */
  const bothWays = (path: string, headers: Record<string, string>) =>
    eventually(() => sendBoth(path, headers));
  const bearer = async (user: string) => ({ authorization: `Bearer ${await env.tokenOf(user)}` });

  it.each<[string, string, () => string]>([
    ['the owner of a job', 'olga', () => path],
    ['who sees the tenant’s jobs', 'sonja', () => path],
    ['who may read the counts', 'sonja', () => COUNTS],
  ])('is answered as ever to %s', async (_, user, where) => {
    const answer = await bothWays(where(), await bearer(user));
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-status']).toMatch(/^print-gateway; hit/);
  });

  it('is answered as ever to a page, whatever its browser sends beside it', async () => {
    const page = {
      ...(await bearer('olga')),
      ...{ origin: 'https://cards.example.com', referer: 'https://cards.example.com/queue' },
      ...{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      ...{
        accept: '*/*',
        'accept-language': 'de',
        'accept-encoding': 'gzip, br',
        'user-agent': 'Mozilla/5.0',
      },
      ...{ 'sec-ch-ua-platform': '"Linux"', traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00` },
    };
    const answer = await bothWays(path, page);
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(page.origin);
    expect(answer.headers['access-control-expose-headers']).toContain('etag');
    for (const origin of ['https://elsewhere.example', 'null']) {
      const elsewhere = await bothWays(path, { ...page, origin });
      expect(elsewhere.headers['access-control-allow-origin']).toBeUndefined();
      expect(elsewhere.headers.vary).toContain('Origin');
    }
    const refused = await bothWays(path, { ...page, authorization: 'Bearer not-a-token' });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, page.origin]);
  });

  it('is refused as ever to who has no permission', async () => {
    expect((await bothWays(path, await bearer('nobody'))).status).toBe(403);
  });

  it('is answered with 304 to who has the answer', async () => {
    const { headers } = await bothWays(path, await bearer('olga'));
    const answer = await bothWays(path, {
      ...(await bearer('olga')),
      'if-none-match': headers.etag as string,
    });
    expect(answer.status).toBe(304);
    expect(answer.text).toBe('');
  });

  it.each([
    ['no token', {}],
    ['another scheme', { authorization: 'Basic b2xnYTpwYXNz' }],
    ['what is no token', { authorization: 'Bearer not-a-token' }],
    ['a token that is too long', { authorization: `Bearer a.b.${'c'.repeat(8_300)}` }],
  ])('is refused as ever with %s', async (_, headers) => {
    expect((await bothWays(path, headers)).status).toBe(401);
  });

  it.each<[string, string, () => string]>([
    ['another’s job', 'oscar', () => path],
    ['a job that never was', 'olga', () => statusPath(fixtures.unknownId)],
  ])('does not tell of %s, as ever', async (_, user, where) => {
    await env.as(user).get('/api/gateway/v1/me');
    expect((await bothWays(where(), await bearer(user))).status).toBe(404);
  });

  /** Each of these finds nothing in the cache: their statuses change, and each is asked for once. */
  const freshJobs = async () => {
    const ids: string[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { body } = await env.as('olga').post(printPath(), printRequest());
      ids.push(body.printStatus.id as string);
    }
    return ids.map(statusPath) as [string, string];
  };
  /** What differs between two jobs that are in the same state. */
  const comparable = ({ status, headers: { etag, 'content-length': _, ...headers }, text }: Sent) => {
    const { createdOn, updatedOn, instance, ...said } = JSON.parse(text) as Record<string, unknown>;
    return {
      status,
      headers,
      said,
      times: [etag, createdOn, updatedOn, instance].map((each) => typeof each),
    };
  };
  const loggedBut = async (requestId: string) => {
    const { upstreamMs, ...line } = await logged(requestId);
    return { ...line, upstreamMs: typeof upstreamMs };
  };
  const sendBothAnew = async () => {
    const [one, other] = await freshJobs();
    const headers = await bearer('olga');
    turn += 1;
    const before = await taken();
    const short = await send(one, headers, `short-${turn}`);
    expect(await taken()).toBe(before + 1);
    const long = await send(other, { ...headers, ...LONG_WAY }, `other-${turn}`);
    expect(comparable(short)).toEqual(comparable(long));
    expect(await loggedBut(`short-${turn}`)).toEqual(await loggedBut(`other-${turn}`));
    return short;
  };

  it('is fetched as ever when it is not known yet', async () => {
    const answer = await eventually(sendBothAnew);
    expect(answer.headers['cache-status']).toMatch(/fwd=miss/);
    expect(await logged(`short-${turn}`)).toMatchObject({ upstreamCalls: 1 });
  });

  it('says as ever that the upstream failed', async () => {
    await env.emulator.fault({ operation: 'getPrintStatus', kind: 'status', status: 500 });
    try {
      expect((await eventually(sendBothAnew)).status).toBe(502);
    } finally {
      await env.emulator.noFaults();
    }
  });

  it('carries on the trace of its caller', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await bothWays(path, { ...(await bearer('olga')), traceparent });
    expect(await logged(`short-${turn}`)).toMatchObject({ traceId: traceparent.split('-')[1] });
  });

  it.each<[string, string, () => string, Record<string, string>, number]>([
    ['names no id', 'olga', () => statusPath('x'), {}, 400],
    ['has a query', 'olga', () => `${path}?a=b`, {}, 200],
  ])('goes the framework’s way when it %s', async (_, user, where, headers, status) => {
    const before = await taken();
    expect((await send(where(), { ...(await bearer(user)), ...headers }, 'some')).status).toBe(status);
    expect(await taken()).toBe(before);
  });
});

describe('reads by the fast path', () => {
  it('count against their caller’s rate as all do, and are refused beyond it', async () => {
    const env = await TestEnvironment.open({
      policy: (yaml) => yaml.replaceAll(ANY_RATE, 'requestsPerMinute: 20'),
    });
    try {
      const statuses: number[] = [];
      for (let turn = 0; turn < 60; turn += 1) statuses.push((await env.as('sonja').get(COUNTS)).status);
      const granted = statuses.filter((status) => status === 200).length;
      // At most two minutes of the clock are touched.
      expect([20, 40]).toContain(granted);
      expect(statuses.filter((status) => status === 429)).toHaveLength(60 - granted);
    } finally {
      await env.close();
    }
  });
});
