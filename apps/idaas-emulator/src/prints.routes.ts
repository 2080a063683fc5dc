import type { FastifyInstance, FastifyReply, onRequestAsyncHookHandler } from 'fastify';
import type { PrintJob, PrintRequest } from './print-job.machine.js';
import { refusalOf } from './print-checks.js';
import type { PrintShop } from './print-shop.js';
import { idParams, printBody, resumeBody, updateBody } from './schemas.js';
import type { Command } from './smart-card.js';
import type { Clock } from './clock.js';

interface Parts {
  readonly shop: PrintShop;
  readonly clock: Clock;
  readonly onRequest: onRequestAsyncHookHandler;
}

interface OfPrinter {
  Params: { printerId: string };
  Body: PrintRequest;
}
interface OfJob {
  Params: { printStatusId: string };
}
type Update = OfJob & { Body: { smartcard?: { commands?: Command[] } } };

interface Resumption {
  Body: { printJobId: string };
}

const JOB_PATH = '/api/web/v1/printers/print/:printStatusId';

export function printsRoutes(fastify: FastifyInstance, { shop, clock, onRequest }: Parts): void {
  const job = { params: idParams('printStatusId') };

  fastify.post<OfPrinter>(
    '/api/web/v1/printers/:printerId/print',
    { onRequest, schema: { params: idParams('printerId'), body: printBody }, config: { operation: 'print' } },
    (request, reply) => {
      const printer = shop.printer(request.params.printerId);
      if (!printer) return notFound(reply, 'No such printer');
      const refusal = refusalOf(request.body, printer);
      return refusal
        ? reply.code(400).send(refusal)
        : accepted(shop.submit(printer.id, request.body), request.host);
    },
  );

  fastify.get<OfJob>(
    JOB_PATH,
    { onRequest, schema: job, config: { operation: 'getPrintStatus' } },
    (request, reply) => {
      const found = shop.job(request.params.printStatusId);
      return found ? statusOf(found) : notFound(reply, 'No such print job');
    },
  );

  fastify.patch<Update>(
    JOB_PATH,
    { onRequest, schema: { ...job, body: updateBody }, config: { operation: 'updatePrint' } },
    (request, reply) => {
      const found = shop.job(request.params.printStatusId);
      if (!found) return notFound(reply, 'No such print job');
      const { commands = [] } = request.body.smartcard ?? {};
      if (commands.length > 0 && !found.request.smartcard) return withoutChip(reply);
      if (found.isFinal || (commands.length > 0 && !found.takesCommands)) return refused(reply, found);
      found.send(commands, clock.now());
      return reply.code(202).send(accepted(found, request.host));
    },
  );

  fastify.delete<OfJob>(
    JOB_PATH,
    { onRequest, schema: job, config: { operation: 'cancelPrint' } },
    (request, reply) => {
      const found = shop.job(request.params.printStatusId);
      if (!found) return notFound(reply, 'No such print job');
      if (found.isFinal) return refused(reply, found);
      found.cancel(clock.now());
      return reply.code(204).send();
    },
  );

  fastify.post<Resumption>(
    '/api/web/v1/print/resume',
    { onRequest, schema: { body: resumeBody }, config: { operation: 'resumePrintJob' } },
    (request, reply) => {
      const { printJobId } = request.body;
      const found = shop.job(printJobId);
      if (!found) return notFound(reply, 'No such print job');
      if (!found.isHeld) return refused(reply, found);
      shop.resume(found);
      return { printJobId };
    },
  );

  fastify.get(
    '/api/web/v1/printcounts',
    { onRequest, config: { operation: 'getPrintCounts' } },
    (_request, reply) => {
      const counts = shop
        .printCounts()
        .map(([name, count]) => `{"name":${JSON.stringify(name)},"count":${count}}`);
      return reply.type('application/json').send(`{"counts":[${counts.join(',')}]}`);
    },
  );
}

function accepted(job: PrintJob, host: string) {
  return { printStatus: { id: job.id, link: `http://${host}/api/web/v1/printers/print/${job.id}` } };
}

function statusOf(job: PrintJob) {
  return {
    status: job.status,
    statusDetails: job.statusDetails,
    createdOn: new Date(job.createdAtMs).toISOString(),
    updatedOn: new Date(job.updatedAtMs).toISOString(),
    data: {
      copiesRemaining: job.copiesRemaining,
      smartcardResponses: job.request.smartcard && job.responses.map((response) => ({ response })),
    },
  };
}

function notFound(reply: FastifyReply, message: string) {
  return reply.code(404).send({ code: 'not_found', message });
}

function withoutChip(reply: FastifyReply) {
  return reply
    .code(400)
    .send({ code: 'invalid_state', message: 'The job has no smart card', target: 'smartcard' });
}

function refused(reply: FastifyReply, job: PrintJob) {
  return reply
    .code(400)
    .send({ code: 'invalid_state', message: `The job is ${job.status}`, target: 'status' });
}
