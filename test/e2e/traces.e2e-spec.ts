import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/eventually.js';
import { House, UNCACHED } from '../support/house.js';
import { RedisServer } from '../support/redis.js';
import { the } from '../support/the.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${SPAN}-01`;

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

/** What an OpenTelemetry collector is sent. */
class Collector {
  readonly spans: Span[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as {
          resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
        };
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

describe('a trace', () => {
  it('goes on to the upstream as it came, and stands in the log, where nobody collects', async () => {
    const house = await House.open({ gateway: UNCACHED });
    await house.as('olga').get(the.counts, { traceparent });
    expect((await house.emulator.lastHeadersOf('getPrintCounts')).traceparent).toBe(traceparent);
    await house.as('olga').get(the.counts, { traceparent: 'nonsense' });
    expect((await house.emulator.lastHeadersOf('getPrintCounts')).traceparent).toBeUndefined();
    await eventually(() => expect(house.output).toContain(`"traceId":"${TRACE}"`));
    const line = house.output.split('\n').find((each) => each.includes(TRACE)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      msg: 'request',
      cache: expect.stringContaining('fwd=miss'),
      upstreamCalls: expect.any(Number),
      upstreamMs: expect.any(Number),
    });
    await house.close();
  });

  it('has a span for the request, the policy, the cache, Redis and the upstream, and is sent on', async () => {
    const [collector, redis] = [await Collector.start(), await RedisServer.start()];
    const house = await House.open({
      gateway: { ...UNCACHED, REDIS_URL: redis.url, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    });
    await house.as('olga').get(the.counts, { traceparent });
    const sentOn = (await house.emulator.lastHeadersOf('getPrintCounts')).traceparent;
    // What is left is sent when the gateway stops.
    await house.close();
    collector.stop();
    await redis.stop();
    const spans = collector.spans.filter(({ traceId }) => traceId === TRACE);
    const named = (name: string) => spans.find((span) => span.name === name);
    const request = named('GET /api/web/v1/printcounts');
    const upstream = named('upstream getPrintCounts');
    expect(request?.parentSpanId).toBe(SPAN);
    expect(named('policy')?.parentSpanId).toBe(request?.spanId);
    expect(named('cache counts')?.parentSpanId).toBe(request?.spanId);
    expect(named('redis')).toBeDefined();
    expect(upstream).toBeDefined();
    expect(sentOn).toBe(`00-${TRACE}-${upstream?.spanId}-01`);
  });
});
