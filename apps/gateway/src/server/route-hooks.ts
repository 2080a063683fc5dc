import type { FastifyInstance, onSendHookHandler, RouteOptions } from 'fastify';

interface Hooks {
  onSend: onSendHookHandler;
}

/**
 * Gives each route its own hook, made once and knowing its route; a route without one pays nothing. Where no route was
 * found there is none either.
 */
export function addRouteHook<Name extends keyof Hooks>(
  fastify: FastifyInstance,
  name: Name,
  hookOf: (route: RouteOptions) => Hooks[Name] | undefined,
): void {
  fastify.addHook('onRoute', (route) => {
    const hook = hookOf(route);
    if (hook) Object.assign(route, { [name]: [route[name] ?? [], hook].flat() });
  });
}
