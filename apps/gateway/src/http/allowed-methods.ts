import type { FastifyInstance } from 'fastify';
import { MethodNotAllowed, RouteNotFound } from '#libs/problem';

/** Refuses what no route takes, without a look at its body: a wrong method on a known path (405, with `Allow`), an unknown path (404). */
export function refuseUnknownRoutes(fastify: FastifyInstance): void {
  const methodsByPath = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPath.get(url) ?? new Set();
    [method].flat().forEach((each) => methods.add(each));
    methodsByPath.set(url, methods);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404) return done();
    const allowed = allowedAt(request.url.split('?', 1)[0] as string, methodsByPath);
    done(allowed.length > 0 ? new MethodNotAllowed(allowed) : new RouteNotFound());
  });
}

function allowedAt(path: string, methodsByPath: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const fitting = [...methodsByPath].filter(([pattern]) => fits(path.split('/'), pattern.split('/')));
  return [...new Set(fitting.flatMap(([, methods]) => [...methods]))].sort();
}

function fits(path: readonly string[], pattern: readonly string[]): boolean {
  return (
    path.length === pattern.length &&
    pattern.every((step, i) => step === path[i] || (step.startsWith(':') && !!path[i]))
  );
}
