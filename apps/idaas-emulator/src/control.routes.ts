import type { FastifyInstance } from 'fastify';
import type { Calls } from './calls.js';
import type { Clock } from './clock.js';
import { FAULT_KINDS, type Fault, type Faults } from './faults.js';
import type { PrintShop } from './print-shop.js';
import type { Tokens } from './tokens.js';

interface Parts {
  readonly shop: PrintShop;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly tokens: Tokens;
  readonly calls: Calls;
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

/** What the real upstream does not have: for tests to look behind it and to make it fail. */
export function controlRoutes(fastify: FastifyInstance, { shop, clock, faults, tokens, calls }: Parts): void {
  fastify.get('/__emulator/health', () => ({ status: 'live' }));
  fastify.get('/__emulator/ledger', () => shop.ledger());
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
  fastify.post('/__emulator/reset', () => {
    shop.clear();
    faults.clear();
    calls.clear();
    return {};
  });
}
