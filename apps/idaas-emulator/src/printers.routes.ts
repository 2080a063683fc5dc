import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';
import type { PrintShop } from './print-shop.js';
import { idParams } from './schemas.js';

export function printersRoutes(
  fastify: FastifyInstance,
  shop: PrintShop,
  onRequest: onRequestAsyncHookHandler,
): void {
  fastify.get('/api/web/v1/printers', { onRequest, config: { operation: 'readPrinters' } }, () =>
    shop.printers(),
  );
  fastify.get<{ Params: { printerId: string } }>(
    '/api/web/v1/printers/:printerId',
    { onRequest, schema: { params: idParams('printerId') }, config: { operation: 'readPrinter' } },
    (request, reply) =>
      shop.printer(request.params.printerId) ??
      reply.code(404).send({ code: 'not_found', message: 'No such printer' }),
  );
}
