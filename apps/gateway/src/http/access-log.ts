import type { FastifyInstance, FastifyReply, onResponseHookHandler } from 'fastify';
import type { AuthenticatedRequest } from '#libs/auth';
import { beginRequest, type ContextualRequest, type Log, type Metrics, type Spans } from '#libs/telemetry';
import { requestLine, type AnsweredRequest } from './request-line.js';
import { addRouteHook } from './route-hooks.js';

/** How the route of a path is called that is none. */
export const NO_ROUTE = 'none';

type LoggedRequest = AuthenticatedRequest & ContextualRequest;

/** One line, one measurement and, where they are wanted, one trace per request, ended when its response has left. */
export class AccessLog {
  private readonly isWanted: boolean;
  private readonly durations: ReturnType<Metrics['durations']>;

  constructor(
    private readonly log: Log,
    metrics: Metrics,
    private readonly spans: Spans | undefined,
  ) {
    this.isWanted = log.logger.isLevelEnabled('info');
    const labels = ['method', 'route', 'status'];
    this.durations = metrics.durations('request_duration_seconds', 'Requests, by route and status.', labels);
  }

  logEachRequest(fastify: FastifyInstance): void {
    fastify.decorateRequest('context');
    fastify.addHook('onRequest', (request: LoggedRequest, _reply, done) => this.begin(request, done));
    addRouteHook(fastify, 'onResponse', ({ url }) => this.endAt(url));
    const endElsewhere = this.endAt(NO_ROUTE);
    fastify.addHook('onResponse', function (request, reply, done) {
      if (request.is404) endElsewhere.call(this, request, reply, done);
      else done();
    });
  }

  /** Of a request that went through Fastify. */
  end({ id, method, principal, context }: LoggedRequest, reply: FastifyReply, route: string): void {
    const cache = reply.getHeader('cache-status') as string | undefined;
    const { statusCode: status, elapsedTime: milliseconds } = reply;
    this.note({ id, method, route, status, principal, cache, context }, milliseconds);
  }

  /** `milliseconds` went by until its response left. */
  note(request: AnsweredRequest, milliseconds: number): void {
    const { method, route, status, context } = request;
    if (this.isWanted) this.log.lines.write(requestLine(request, milliseconds));
    this.durations({ method, route, status: String(status) }).observe(milliseconds / 1000);
    context?.end(status);
  }

  private begin(request: LoggedRequest, done: () => void): void {
    const { traceparent } = request.headers as { traceparent?: string };
    const name = () => `${request.method} ${request.routeOptions.url ?? NO_ROUTE}`;
    beginRequest({ traceparent, name, spans: this.spans }, (context) => {
      request.context = context;
      done();
    });
  }

  private endAt(route: string): onResponseHookHandler {
    return (request, reply, done) => {
      this.end(request, reply, route);
      done();
    };
  }
}
