import type { FastifyInstance } from 'fastify';
import type { PrintShop } from './print-shop.js';
import { MESSAGE_CODES, type MessageCode } from './printer-messages.js';

const only = (name: string, value: object) => ({
  type: 'object',
  required: [name],
  additionalProperties: false,
  properties: { [name]: value },
});
/** Whether prints wait until they are resumed. */
const holdBody = only('holdsPrints', { type: 'boolean' });
/** Whether a job's status is UNKNOWN, because its printer cannot be asked. */
const sightBody = only('isOutOfSight', { type: 'boolean' });
/** What a printer says to each job from now on, which fails so. */
const messageBody = only('message', { enum: [...MESSAGE_CODES, null] });

interface OfId {
  Params: { id: string };
}

/** What happens to printers and their jobs without anybody's asking for it. */
export function printerControlRoutes(fastify: FastifyInstance, shop: PrintShop): void {
  fastify.put<{ Body: { holdsPrints: boolean } }>(
    '/__emulator/prints',
    { schema: { body: holdBody } },
    ({ body }) => {
      shop.holdsPrints = body.holdsPrints;
      return {};
    },
  );
  fastify.put<OfId & { Body: { isOutOfSight: boolean } }>(
    '/__emulator/prints/:id',
    { schema: { body: sightBody } },
    ({ params, body }, reply) => {
      const job = shop.job(params.id);
      if (!job) return reply.callNotFound();
      job.isOutOfSight = body.isOutOfSight;
      return {};
    },
  );
  fastify.put<OfId & { Body: { message: MessageCode | null } }>(
    '/__emulator/printers/:id',
    { schema: { body: messageBody } },
    ({ params, body }, reply) => {
      if (!shop.printer(params.id)) return reply.callNotFound();
      shop.letSay(params.id, body.message ?? undefined);
      return {};
    },
  );
}
