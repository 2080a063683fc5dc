import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, UNCACHED } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { fixtures } from '../support/fixtures.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${SPAN}-01`;
const PAGE = 'https://cards.example.com';

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface Span {
  name: string;
  kind: number;
  traceState?: string;
  attributes: Attribute[];
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

/** What an OpenTelemetry collector is sent. */
class Collector {
  readonly spans: Span[] = [];
  readonly resources: Attribute[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as {
          resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Span[] }[] }[];
        };
        collector.resources.push(...resourceSpans.flatMap(({ resource }) => resource.attributes));
        const scopes = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans);
        collector.spans.push(...scopes.flatMap(({ spans }) => spans));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const [SERVER, CLIENT] = [2, 3];
const valuesOf = (attributes: readonly Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('a trace', () => {
  it('goes on to the upstream as it came, and stands in the log, where nobody collects', async () => {
    const env = await TestEnvironment.open({ gateway: UNCACHED });
    await env.as('olga').get(fixtures.counts, { traceparent });
    expect((await env.emulator.lastHeadersOf('getPrintCounts')).traceparent).toBe(traceparent);
    await env.as('olga').get(fixtures.counts, { traceparent, tracestate: 'vendor=1,other=2' });
    expect(await env.emulator.lastHeadersOf('getPrintCounts')).toMatchObject({
      traceparent,
      tracestate: 'vendor=1,other=2',
    });
    await env.as('olga').get(fixtures.counts, { traceparent: 'nonsense', tracestate: 'vendor=1' });
    const headers = await env.emulator.lastHeadersOf('getPrintCounts');
    expect([headers.traceparent, headers.tracestate]).toEqual([undefined, undefined]);
    await eventually(() => expect(env.output).toContain(`"traceId":"${TRACE}"`));
    const line = env.output.split('\n').find((each) => each.includes(TRACE)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      msg: 'request',
      cache: expect.stringContaining('fwd=miss'),
      upstreamCalls: expect.any(Number),
      upstreamMs: expect.any(Number),
    });
    await env.close();
  });

  it('that nobody takes is told of in the log, once, and nothing else suffers', async () => {
    const env = await TestEnvironment.open({
      gateway: {
        ...UNCACHED,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      },
    });
    expect((await env.as('olga').get(fixtures.counts)).status).toBe(200);
    const lines = () => env.output.split('\n').filter((line) => line.includes('Traces are lost'));
    await eventually(() => expect(lines()).toHaveLength(1));
    expect((await env.as('olga').get(fixtures.counts)).status).toBe(200);
    const metrics = await env.gateway(0).metrics();
    expect(metrics).toMatch(/^print_gateway_build_info\{version="\d+\.\d+\.\d+[^"]*"\} 1$/m);
    await env.close();
    expect(lines()).toHaveLength(1);
  });
});

describe('a trace that is collected', () => {
  let collector: Collector;
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    [collector, redis] = [await Collector.start(), await RedisServer.start()];
    env = await TestEnvironment.open({
      gateway: {
        ...UNCACHED,
        REDIS_URL: redis.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_SERVICE_NAME: 'cards-of-the-north',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        // Recorded is what the caller records, and nothing else.
        OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      },
      policy: (yaml) => `${yaml}\ncors: { origins: ['${PAGE}'] }\n`,
    });
  });
  afterAll(async () => {
    await env.close();
    collector.stop();
    await redis.stop();
  });

  const spansOf = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId);
  const named = (name: string, spans: readonly Span[]) => {
    const span = spans.find((each) => each.name === name);
    if (!span) throw new Error(`there is no span ${name}`);
    return span;
  };
  const taken = async () => {
    const text = await env.gateway(0).metrics();
    return Number(/^print_gateway_fast_path_requests_total (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const logged = (requestId: string) =>
    eventually(() => {
      const line = env.output.split('\n').find((each) => each.includes(`"requestId":"${requestId}"`));
      if (line === undefined) throw new Error(`no line for ${requestId}`);
      return JSON.parse(line) as Record<string, unknown>;
    });

  it('has a span for the request, the policy, the cache, Redis and the upstream', async () => {
    await env.emulator.fault({ operation: 'getPrintCounts', kind: 'status', status: 418, count: 1 });
    await env.as('olga').get(`${fixtures.counts}?a=b`, { traceparent, tracestate: 'vendor=1' });
    const sentOn = await env.emulator.lastHeadersOf('getPrintCounts');
    const request = await eventually(() => named('GET /api/web/v1/printcounts', spansOf(TRACE)));
    const spans = spansOf(TRACE);
    const upstream = named('upstream getPrintCounts', spans);
    expect(request.parentSpanId).toBe(SPAN);
    expect(named('policy', spans).parentSpanId).toBe(request.spanId);
    expect(named('cache counts', spans).parentSpanId).toBe(request.spanId);
    expect(named('redis', spans)).toBeDefined();
    expect(sentOn.traceparent).toBe(`00-${TRACE}-${upstream.spanId}-01`);
    expect(sentOn.tracestate).toBe('vendor=1');
    expect([request.kind, upstream.kind]).toEqual([SERVER, CLIENT]);
    expect(valuesOf(request.attributes)).toMatchObject({
      'http.request.method': 'GET',
      'http.route': '/api/web/v1/printcounts',
      'url.path': '/api/web/v1/printcounts',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'client.address': '127.0.0.1',
      'http.response.status_code': 502,
      'error.type': '502',
    });
    expect(valuesOf(upstream.attributes)).toMatchObject({
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(env.emulator.url).port),
      'http.response.status_code': 418,
      'error.type': '418',
    });
    expect(valuesOf(collector.resources)).toMatchObject({
      'service.name': 'cards-of-the-north',
      'service.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
      'deployment.environment.name': 'staging',
    });
  });

  it.each<[string, string, Record<string, string>]>([
    ['where nobody before it was asked', 'own', {}],
    ['as its caller’s', 'callers', { traceparent: `00-${'1'.repeat(32)}-${SPAN}-00`, tracestate: 'a=1' }],
    ['of a page', 'page', { origin: PAGE, referer: `${PAGE}/`, 'sec-fetch-mode': 'cors' }],
  ])(
    'takes the fast path when it is not recorded, and goes on upstream and in the log, %s',
    async (_, id, headers) => {
      const before = await taken();
      const answer = await env.as('olga').get(fixtures.counts, { ...headers, 'x-request-id': id });
      expect([answer.status, await taken()]).toEqual([200, before + 1]);
      const sentOn = await env.emulator.lastHeadersOf('getPrintCounts');
      const { traceId } = (await logged(id)) as { traceId: string };
      expect(sentOn.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
      expect(sentOn.tracestate).toBe(headers.tracestate);
      expect(traceId).toMatch(headers.traceparent ? /^1{32}$/ : /^[0-9a-f]{32}$/);
      // Recorded later, so that all that was recorded before has come.
      const later = `${'2'.repeat(31)}${id.length}`;
      await env.as('olga').get(fixtures.counts, { traceparent: `00-${later}-${SPAN}-01` });
      await eventually(() => named('GET /api/web/v1/printcounts', spansOf(later)));
      expect(spansOf(traceId)).toEqual([]);
    },
  );

  it('has the same spans on the fast path as on the framework’s way, for the same answer', async () => {
    const answers = [];
    for (const [digit, search] of [
      ['3', ''],
      ['4', '?a=b'],
    ] as const) {
      const before = await taken();
      const page = { origin: PAGE, traceparent: `00-${digit.repeat(32)}-${SPAN}-01` };
      answers.push(await env.as('olga').get(fixtures.counts + search, page));
      expect(await taken()).toBe(search === '' ? before + 1 : before);
    }
    const [fast, framework] = answers as [(typeof answers)[0], (typeof answers)[0]];
    expect(fast.body).toEqual(framework.body);
    for (const name of [
      'vary',
      'access-control-allow-origin',
      'access-control-expose-headers',
      'cache-control',
    ])
      expect([name, fast.headers[name]]).toEqual([name, framework.headers[name]]);
    expect(fast.headers['access-control-allow-origin']).toBe(PAGE);
    const [one, other] = await eventually(() =>
      ['3', '4'].map((digit) => {
        const spans = spansOf(digit.repeat(32));
        const request = named('GET /api/web/v1/printcounts', spans);
        expect(request.parentSpanId).toBe(SPAN);
        // Each once: some requests are counted in Redis for others that come behind them.
        const distinct = new Map(spans.map(({ name, kind }) => [`${name} ${kind}`, [name, kind]]));
        return [valuesOf(request.attributes), [...distinct.values()].sort()];
      }),
    );
    expect(one).toEqual(other);
    expect(one?.[1]).toContainEqual(['upstream getPrintCounts', CLIENT]);
  });
});
