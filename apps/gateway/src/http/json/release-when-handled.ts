import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { BodyShare } from './body-budget.js';
import type { BodyMemory } from './body-memory.js';

/** A request whose body was read holds its memory, and so a share of that for all bodies. */
export type BodyRequest = FastifyRequest & { heldBody?: HeldBody };

export interface HeldBody {
  readonly memory: BodyMemory;
  readonly share: BodyShare;
}

/**
 * Has each request give its body back when its handler has ended, whatever it ended with. Not when its connection closes: a print
 * goes on without the caller who asked for it, and so does its body.
 */
export function releaseWhenHandled(fastify: FastifyInstance): void {
  fastify.decorateRequest('heldBody');
  fastify.addHook('onRoute', (route) => {
    if (route.method === 'GET' || route.method === 'HEAD') return;
    route.handler = releasing(route.handler);
  });
}

function releasing(handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function (request: BodyRequest, reply) {
    try {
      return await handler.call(this, request, reply);
    } finally {
      if (request.heldBody) releaseBody(request.heldBody);
    }
  };
}

/** Whoever may still read from the memory has kept it from serving others (`BodyMemory.leave`). */
export function releaseBody({ memory, share }: HeldBody): void {
  memory.giveBack();
  share.release();
}
