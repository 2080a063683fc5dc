import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController, type FastifyBaseLogger } from 'fastify';
import { AuditLog } from '#libs/audit';
import type { Config } from '#libs/config';
import { PolicyService } from '#libs/policy';
import { createLog, LogConfig, Metrics, NestLog, spansTo, TraceConfig } from '#libs/telemetry';
import { keepAuditTrail } from './audit/audit-trail.js';
import { serveDocs } from './docs/docs.routes.js';
import { GatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { allowOrigins } from './http/cors.js';
import { HttpConfig } from './http/http.config.js';
import { AccessLog } from './http/access-log.js';
import { refuseWrongMethods } from './http/allowed-methods.js';
import { commonHeaders, sendCommonHeaders } from './http/common-headers.js';
import { answerConnectionFault } from './http/connection-fault.js';
import { parseJsonBodies } from './http/json/json-bodies.js';
import { letConnectionsGo } from './http/let-connections-go.js';
import { requestIdOf } from './http/request-id.js';
import { answerRouterFault } from './http/router-fault.js';
import { refuseAmbiguousRequests } from './http/strict-requests.js';
import { Departures } from './read-lane/departures.js';
import { openLane } from './read-lane/open-lane.js';
import { ReadLane } from './read-lane/read.lane.js';

/** How often Node looks for connections that take too long. */
const CHECK_TIMEOUTS_MS = 1_000;

/** Builds the application, ready to listen. Throws what is wrong with its policy or its credentials. */
export async function createGateway(config: Config): Promise<NestFastifyApplication> {
  const log = await createLog(config.get(LogConfig).level);
  const metrics = new Metrics();
  const { endpoint } = config.get(TraceConfig);
  const spans = endpoint === undefined ? undefined : await spansTo(endpoint);
  const accessLog = new AccessLog(log, metrics, spans);
  const http = config.get(HttpConfig);
  const adapter = new FastifyAdapter({
    loggerInstance: log.logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Whoever logs says the request's id itself; a logger for each request would cost more than its lines.
    childLoggerFactory: (logger: FastifyBaseLogger) => logger,
    bodyLimit: config.get(GatewayConfig).bodyLimitBytes,
    genReqId: requestIdOf,
    requestIdHeader: false,
    clientErrorHandler: answerConnectionFault,
    frameworkErrors: answerRouterFault(accessLog),
    trustProxy: http.trustProxy,
    requestTimeout: http.requestTimeoutMs,
    keepAliveTimeout: http.keepAliveMs,
    http: { headersTimeout: http.headersTimeoutMs, connectionsCheckingInterval: CHECK_TIMEOUTS_MS },
  });
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  parseJsonBodies(fastify, config.get(GatewayConfig).bodyLimitBytes);
  const headers = await commonHeaders();
  sendCommonHeaders(fastify, headers);
  [letConnectionsGo, refuseAmbiguousRequests, refuseWrongMethods].forEach((add) => add(fastify));
  accessLog.logEachRequest(fastify);
  fastify.addHook('onClose', () => spans?.close());
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.of(config, log.logger, metrics),
    adapter,
    {
      logger: new NestLog(log.logger),
      bodyParser: false,
      abortOnError: false,
    },
  );
  await allowOrigins(fastify, () => app.get(PolicyService).current.corsOrigins);
  keepAuditTrail(fastify, app.get(AuditLog));
  serveDocs(app);
  const departures = new Departures(headers, accessLog);
  if (!spans) openLane(fastify, (framework) => app.get(ReadLane).inFrontOf(framework, departures));
  app.enableShutdownHooks([], { useProcessExit: true });
  return app;
}
