import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '#libs/auth';
import {
  type ContextualRequest,
  type Counter,
  type Histogram,
  type Log,
  type Metrics,
} from '#libs/telemetry';
import type { RequestContexts } from './request-contexts.js';
import { CALLER_GONE, requestLine, type AnsweredRequest } from './request-line.js';

/** How the route of a path is called that is none. */
export const NO_ROUTE = 'none';

type LoggedRequest = AuthenticatedRequest & ContextualRequest;

const UNAUTHENTICATED = 401;
/** A route that prints, and what it is answered with where it fails: `rate()` sees no first failure of a series that begins with it. */
const PRINTS = 'ISSUANCE:ADD';
const FAILURES = ['500', '502', '503', '504'];
/** In seconds. A stream lasts as long as its job, or its caller's token. */
const STREAM_BOUNDS = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 43_200];

/** One line, one measurement and, where they are wanted, one trace per request, ended when its response has left or its caller has gone. */
export class AccessLog {
  private readonly isWanted: boolean;
  private readonly durations: Histogram<'method' | 'route' | 'status'>;
  private readonly unauthenticated: Counter<'reason'>;
  private readonly streams: Histogram<'reason'>;

  constructor(
    private readonly log: Log,
    metrics: Metrics,
    private readonly contexts: RequestContexts,
  ) {
    this.isWanted = log.logger.isLevelEnabled('info');
    const labels = ['method', 'route', 'status'] as const;
    const help =
      'Requests, by route and status (499: the caller went before the answer), without what they waited for a change.';
    this.durations = metrics.durations('request_duration_seconds', help, labels);
    const streams = 'Event streams that have ended, by the reason.';
    this.unauthenticated = metrics.counter(
      'unauthenticated_requests_total',
      'Requests answered 401, by the reason.',
      ['reason'],
    );
    this.streams = metrics.durations('event_stream_duration_seconds', streams, ['reason'], STREAM_BOUNDS);
  }

  logEachRequest(fastify: FastifyInstance): void {
    fastify.decorateRequest('context');
    fastify.addHook('onRoute', ({ method, url, config }) => {
      if (config?.requires !== PRINTS || typeof method !== 'string') return;
      for (const status of FAILURES) this.durations.zero({ method, route: url, status });
    });
    fastify.addHook('onRequest', (request: LoggedRequest, reply, done) => {
      // It is closed behind its last byte too.
      reply.raw.once('close', () => this.end(request, reply, routeOf(request)));
      this.begin(request, done);
    });
    fastify.addHook('onSend', (request: LoggedRequest, reply, payload, done) => {
      if (reply.raw.destroyed) this.noteInVain(request, reply);
      done(null, payload);
    });
  }

  /** Of a request that went through Fastify. */
  end({ id, method, principal, context }: LoggedRequest, reply: FastifyReply, route: string): void {
    const cache = reply.getHeader('cache-status') as string | undefined;
    const { statusCode, elapsedTime: milliseconds, raw } = reply;
    const isGone = raw.destroyed && !raw.writableFinished && !context?.stream;
    const [status, answer] = isGone ? [CALLER_GONE, raw.headersSent ? statusCode : undefined] : [statusCode];
    this.note({ id, method, route, status, answer, principal, cache, context }, milliseconds);
  }

  /** `milliseconds` went by until its response left, or its caller. */
  note(request: AnsweredRequest, milliseconds: number): void {
    if (this.isWanted) this.log.lines.write(requestLine(request, milliseconds));
    this.measure(request, milliseconds);
    request.context?.end(request.status);
  }

  private measure({ method, route, status, context }: AnsweredRequest, milliseconds: number): void {
    const { stream, problem, waitedMs = 0 } = context ?? {};
    if (status === UNAUTHENTICATED) this.unauthenticated.inc({ reason: problem?.reason ?? 'other' });
    if (stream) return this.streams.observe({ reason: stream.reason }, milliseconds / 1000);
    this.durations.observe({ method, route, status: String(status) }, (milliseconds - waitedMs) / 1000);
  }

  /** What became of a request whose caller has gone, such as a print that was done: a line of its own, behind that of the request. */
  private noteInVain(request: LoggedRequest, { statusCode, elapsedTime }: FastifyReply): void {
    this.log.logger.info(
      {
        requestId: request.id,
        traceId: request.context?.traceId,
        method: request.method,
        route: routeOf(request),
        answer: statusCode,
        durationMs: elapsedTime,
      },
      'answered after its caller had gone',
    );
  }

  private begin(request: LoggedRequest, done: () => void): void {
    const route = request.is404 ? undefined : request.routeOptions.url;
    this.contexts.begin(request.raw, route, (context) => {
      request.context = context;
      done();
    });
  }
}

function routeOf({ is404, routeOptions }: FastifyRequest): string {
  return is404 ? NO_ROUTE : (routeOptions.url ?? NO_ROUTE);
}
