import { fastify, type FastifyInstance } from 'fastify';
import { authenticateRoutes } from './authenticate.routes.js';
import { Calls } from './calls.js';
import { randomNumbers } from './prng.js';
import { Clock } from './clock.js';
import { controlRoutes } from './control.routes.js';
import { injectFaults } from './fault-hooks.js';
import { Faults } from './faults.js';
import { JobHistory } from './job-history.js';
import { jobSequence } from './job-sequence.js';
import type { ListOffer } from './list-offer.js';
import { listsRoutes } from './lists.routes.js';
import { PrintShop } from './print-shop.js';
import { printerControlRoutes } from './printer-control.routes.js';
import { printersRoutes } from './printers.routes.js';
import { printsRoutes } from './prints.routes.js';
import { requireToken } from './require-token.js';
import type { Settings } from './settings.js';
import { Tokens } from './tokens.js';
import { vendorError } from './vendor-errors.js';

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/** An upstream that speaks the vendor's contract; its state is in memory. */
export function createEmulator(settings: Settings): FastifyInstance {
  const ajv = { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } };
  const server = fastify({ bodyLimit: BODY_LIMIT_BYTES, ajv, forceCloseConnections: true });
  const clock = new Clock();
  const faults = new Faults(randomNumbers(settings.seed));
  const calls = new Calls();
  const shop = new PrintShop(clock, settings);
  const tokens = new Tokens(clock, settings.tokenLifeMs);
  const history = new JobHistory(settings.historyJobs, {
    beforeMs: clock.now(),
    intervalMs: settings.historyIntervalMs,
    applicationId: settings.applicationId,
    printers: settings.printers,
  });
  const offer: ListOffer = { lists: settings.lists, attributes: settings.listAttributes };
  const jobs = () => jobSequence(history, shop.listedJobs(), settings.applicationId);
  const onRequest = requireToken(tokens);

  server.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    const code = status < 500 ? 'invalid_request' : 'internal_error';
    void reply.code(status).send(vendorError(request.routeOptions.config.operation, code, error.message));
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(vendorError(undefined, 'not_found', 'The specified resource was not found')),
  );
  // Its answers carry its own time, which tests move on.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    void reply.header('date', new Date(clock.now()).toUTCString());
    done();
  });
  injectFaults(server, faults, calls);
  authenticateRoutes(server, settings, tokens);
  printersRoutes(server, shop, onRequest);
  printsRoutes(server, { shop, clock, onRequest });
  listsRoutes(server, { jobs, offer, onRequest });
  controlRoutes(server, { shop, clock, faults, tokens, calls, history, offer });
  printerControlRoutes(server, shop);
  return server;
}
