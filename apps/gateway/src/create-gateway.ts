import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController, type FastifyBaseLogger } from 'fastify';
import { AuditLog } from '#libs/audit';
import { FilesConfig, type Config } from '#libs/config';
import { IdaasConfig } from '#libs/idaas';
import { ProxyConfig } from '#libs/network';
import { listedIssuers, PolicyService } from '#libs/policy';
import { ProblemFilter } from '#libs/problem';
import { buildVersion, createLog, LogConfig, Metrics, NestLog, spansTo, TraceConfig } from '#libs/telemetry';
import { admitBeforeBody } from './admission/admission.hook.js';
import { Admission } from './admission/admission.js';
import { PrintAudit } from './audit/print-audit.js';
import { keepAuditTrail } from './audit/audit-trail.js';
import { serveDocs } from './openapi/docs.routes.js';
import { FastPathCheck } from './fast-path/fast-path.check.js';
import { FastPath } from './fast-path/fast-path.js';
import { installFastPath } from './fast-path/install-fast-path.js';
import { ResponseBatcher } from './fast-path/response-batcher.js';
import { GatewayModule } from './gateway.module.js';
import { AccessLog } from './server/request/access-log.js';
import { refuseUnknownRoutes } from './server/request/allowed-methods.js';
import { answerClientErrors } from './server/connections/client-error.handler.js';
import { commonHeaders, ResponseHeaders } from './server/response/common-headers.js';
import { connectionLimit } from './server/connections/connection-limit.js';
import { Connections } from './server/connections/connections.js';
import { Cors } from './server/response/cors.js';
import { takeEmptyBodiesForNone } from './server/body/empty-body.js';
import { continueBeforeBody } from './server/body/expect-continue.js';
import { HttpConfig } from './server/http.config.js';
import { BodyConfig } from './server/body/body.config.js';
import { addJsonBodyParser } from './server/body/json-body-parser.js';
import { openFilesLimit } from './server/connections/open-files-limit.js';
import { publicOrigin } from './server/request/public-origin.js';
import { rejectAmbiguousRequests } from './server/request/reject-ambiguous-requests.js';
import { RequestClients } from './server/request/request-clients.js';
import { RequestContexts } from './server/request/request-contexts.js';
import { requestIdOf } from './server/request/request-id.js';
import { serveResourceMetadata } from './server/response/resource-metadata.js';
import { answerRouterErrors } from './server/request/router-error.handler.js';
import { UnparsedRequests } from './server/connections/unparsed-requests.js';
import { closeOnUnreadBodies } from './server/body/unread-body.js';
import { LONG_IMAGES } from './printing/images/long-images.js';
import { Http2Sessions } from './server/tls/http2-sessions.js';
import { OwnTls } from './server/tls/own-tls.js';
import { TlsConfig } from './server/tls/tls.config.js';

/** How often Node looks for connections that take too long. */
const CHECK_TIMEOUTS_MS = 1_000;

/** Builds the application, ready to listen. Throws what is wrong with its policy or its credentials. */
export async function createGateway(config: Config): Promise<NestFastifyApplication> {
  const metrics = new Metrics();
  const version = buildVersion();
  metrics.fact('build_info', 'This build of the gateway.', 'version', () => version);
  const log = await createLog(config.get(LogConfig).level, metrics);
  const { endpoint } = config.get(TraceConfig);
  const { proxyFor } = config.get(ProxyConfig);
  const spans =
    endpoint === undefined ? undefined : await spansTo(endpoint, { version, proxyFor, log: log.logger });
  const http = config.get(HttpConfig);
  const originOf = publicOrigin(http.publicUrl);
  const contexts = new RequestContexts(spans, new RequestClients(http.trustProxy), originOf);
  const accessLog = new AccessLog(log, metrics, contexts);
  const problems = new ProblemFilter(originOf);
  const policy = () => app.get(PolicyService).current;
  const cors = new Cors(() => policy().cors);
  const common = commonHeaders();
  const headers = new ResponseHeaders(common, cors);
  const unparsed = new UnparsedRequests(metrics, log.logger, () => performance.now());
  const tls = OwnTls.of(config.get(TlsConfig), config.get(FilesConfig).pollMs);
  const bounds = {
    maxHeaderSize: http.maxHeaderBytes,
    headersTimeout: http.headersTimeoutMs,
    connectionsCheckingInterval: CHECK_TIMEOUTS_MS,
  };
  // To Fastify's types an application that is served by TLS is another one.
  const listener = (tls ? { https: tls.optionsOver(bounds) } : { http: bounds }) as { http: typeof bounds };
  const adapter = new FastifyAdapter({
    // Middleware of Express' kind would stand before everything, and there is none.
    skipMiddie: true,
    loggerInstance: log.logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Whoever logs says the request's id itself; a logger for each request would cost more than its lines.
    childLoggerFactory: (logger: FastifyBaseLogger) => logger,
    bodyLimit: config.get(BodyConfig).maxBytes,
    genReqId: requestIdOf,
    requestIdHeader: false,
    clientErrorHandler: answerClientErrors(common, unparsed),
    frameworkErrors: answerRouterErrors(headers, problems, accessLog),
    trustProxy: http.trustProxy,
    // Uploads that are too slow are stopped before (`SlowUploads`); this is for bodies that nobody reads.
    requestTimeout: config.get(BodyConfig).maxUploadMs,
    keepAliveTimeout: http.keepAliveMs,
    ...listener,
  });
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  addJsonBodyParser(fastify, config.get(BodyConfig), LONG_IMAGES, metrics);
  headers.sendWithEachReply(fastify);
  accessLog.logEachRequest(fastify);
  const openFiles = {
    limit: openFilesLimit(),
    upstreamConnections: config.get(IdaasConfig).connections,
  };
  const http2 = new Http2Sessions(http.keepAliveMs);
  new Connections(fastify, connectionLimit(openFiles), () => http2.closeIdle()).watch(metrics);
  if (tls) {
    tls.keepUpToDate(fastify);
    http2.serve(fastify);
  }
  [closeOnUnreadBodies, continueBeforeBody].forEach((add) => add(fastify));
  cors.answerPreflights(fastify);
  [rejectAmbiguousRequests, refuseUnknownRoutes, takeEmptyBodiesForNone].forEach((add) => add(fastify));
  fastify.addHook('onClose', () => spans?.close());
  const check = new FastPathCheck(fastify);
  await check.know();
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.forRoot({ config, log, metrics, problems }),
    adapter,
    {
      logger: new NestLog(log.logger),
      bodyParser: false,
      abortOnError: false,
    },
  );
  await check.know(() => {
    admitBeforeBody(fastify, app.get(Admission));
    keepAuditTrail(fastify, app.get(AuditLog), app.get(PrintAudit));
    serveDocs(app);
  });
  serveResourceMetadata(fastify, originOf, () => listedIssuers(policy()));
  if (http.fastPath === 'on') {
    const batcher = new ResponseBatcher(headers, problems, accessLog);
    installFastPath(fastify, (framework) => app.get(FastPath).inFrontOf(framework, batcher, contexts));
    fastify.addHook('onReady', () => check.requireComplete(app));
  }
  return app;
}
