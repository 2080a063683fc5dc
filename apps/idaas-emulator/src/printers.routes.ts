import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';
import { PRINTERS } from './printers.js';
import { idParams } from './schemas.js';

export function printersRoutes(fastify: FastifyInstance, onRequest: onRequestAsyncHookHandler): void {
  fastify.get('/api/web/v1/printers', { onRequest, config: { operation: 'readPrinters' } }, () =>
    PRINTERS.map(({ record }) => record),
  );
  fastify.get<{ Params: { printerId: string } }>(
    '/api/web/v1/printers/:printerId',
    { onRequest, schema: { params: idParams('printerId') }, config: { operation: 'readPrinter' } },
    (request, reply) => {
      const found = PRINTERS.find(({ record }) => record.id === request.params.printerId);
      return found?.record ?? reply.code(404).send({ code: 'not_found', message: 'No such printer' });
    },
  );
}
