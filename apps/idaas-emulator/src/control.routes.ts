import type { FastifyInstance } from 'fastify';
import type { Calls } from './calls.js';
import type { Clock } from './clock.js';
import { FAULT_KINDS, type Fault, type Faults } from './faults.js';
import type { JobHistory } from './job-history.js';
import { LIST_ATTRIBUTES, LISTS, type ListOffer } from './list-offer.js';
import type { PrintShop } from './print-shop.js';
import type { Tokens } from './tokens.js';

interface Parts {
  readonly shop: PrintShop;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly tokens: Tokens;
  readonly calls: Calls;
  readonly history: JobHistory;
  readonly offer: ListOffer;
}

const faultBody = {
  type: 'object',
  required: ['operation', 'kind'],
  additionalProperties: false,
  properties: {
    operation: { type: 'string' },
    kind: { enum: FAULT_KINDS },
    count: { type: 'integer', minimum: 1 },
    share: { type: 'number', minimum: 0, maximum: 1 },
    milliseconds: { type: 'integer', minimum: 0 },
    status: { type: 'integer', minimum: 200, maximum: 599 },
    body: {},
    headers: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

const listsBody = {
  type: 'object',
  additionalProperties: false,
  properties: {
    historyJobs: { type: 'integer', minimum: 0 },
    lists: { type: 'array', items: { enum: LISTS } },
    attributes: { type: 'array', items: { enum: LIST_ATTRIBUTES } },
    hidesNewJobs: { type: 'boolean' },
  },
};

/** What the real upstream does not have: for tests to look behind it and to make it fail. */
export function controlRoutes(fastify: FastifyInstance, parts: Parts): void {
  const { shop, clock, faults, tokens, calls, history, offer } = parts;
  fastify.get('/__emulator/health', () => ({ status: 'live' }));
  fastify.get('/__emulator/ledger', () => shop.ledger());
  fastify.get('/__emulator/jobs', () => shop.allJobs().map(({ id }) => id));
  fastify.get('/__emulator/calls', () => calls.count());
  fastify.get<{ Params: { operation: string } }>('/__emulator/headers/:operation', (request) =>
    calls.lastHeaders(request.params.operation),
  );
  fastify.get('/__emulator/faults', () => faults.list());

  fastify.post<{ Body: Fault }>('/__emulator/faults', { schema: { body: faultBody } }, (request, reply) => {
    faults.add(request.body);
    return reply.code(201).send(request.body);
  });
  fastify.put<{ Body: Fault }>('/__emulator/faults', { schema: { body: faultBody } }, (request, reply) => {
    faults.clear();
    faults.add(request.body);
    return reply.code(204).send();
  });
  fastify.delete('/__emulator/faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  fastify.get('/__emulator/tokens', () => tokens.list());
  fastify.delete('/__emulator/tokens', (_request, reply) => {
    tokens.revokeAll();
    return reply.code(204).send();
  });
  fastify.put<{ Body: { lifeMs: number } }>('/__emulator/tokens', (request) => {
    tokens.lifeMs = request.body.lifeMs;
    return {};
  });
  fastify.post<{ Body: { milliseconds: number } }>('/__emulator/clock', (request) => {
    clock.advance(request.body.milliseconds);
    return { now: new Date(clock.now()).toISOString() };
  });
  fastify.put<{ Params: { name: string }; Body: { count: string } }>(
    '/__emulator/counts/:name',
    (request) => {
      shop.setCount(request.params.name, BigInt(request.body.count));
      return {};
    },
  );
  fastify.put<{ Body: Partial<ListOffer> & { historyJobs?: number; hidesNewJobs?: boolean } }>(
    '/__emulator/lists',
    { schema: { body: listsBody } },
    ({ body: { historyJobs = history.length, hidesNewJobs, ...changes } }) => {
      history.length = historyJobs;
      if (hidesNewJobs !== undefined) shop.hideNewJobs(hidesNewJobs);
      return { historyJobs, ...Object.assign(offer, changes) };
    },
  );
  fastify.post('/__emulator/reset', () => {
    shop.clear();
    faults.clear();
    calls.clear();
    return {};
  });
}
