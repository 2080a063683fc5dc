import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { BodyShare } from './body-budget.js';

/** A request whose body was read holds a share of the memory for all bodies. */
export type BodyRequest = FastifyRequest & { bodyShare?: BodyShare };

/**
 * Has each request release its share when its handler has ended, whatever it ended with. Not when its connection closes: a print goes
 * on without the caller who asked for it, and so does its body.
 */
export function releaseWhenHandled(fastify: FastifyInstance): void {
  fastify.decorateRequest('bodyShare');
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
      request.bodyShare?.release();
    }
  };
}
