import type { FastifyInstance } from 'fastify';
import { MethodNotAllowed, RouteNotFound } from '#libs/problem';

const OPTIONS = 'OPTIONS';
const ALL_PATHS = '*';

/**
 * Answers what no route takes, without a look at its body: what a path takes, to who asks for that (RFC 9110 §9.3.7); a wrong method on a
 * known path (405, with `Allow`), an unknown path (404).
 */
export function refuseUnknownRoutes(fastify: FastifyInstance): void {
  const methodsByPath = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPath.get(url) ?? new Set();
    [method].flat().forEach((each) => methods.add(each));
    methodsByPath.set(url, methods);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const allowed = allowedAt(request.url.split('?', 1)[0] as string, methodsByPath);
    if (allowed.length === 0) return done(new RouteNotFound());
    if (request.method !== OPTIONS) return done(new MethodNotAllowed(allowed));
    void reply.code(204).header('allow', allowed.join(', ')).send();
  });
}

function allowedAt(path: string, methodsByPath: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const fitting = [...methodsByPath].filter(
    ([pattern]) => path === ALL_PATHS || fits(path.split('/'), pattern.split('/')),
  );
  const methods = fitting.flatMap(([, each]) => [...each]);
  return methods.length === 0 ? [] : [...new Set([...methods, OPTIONS])].sort();
}

function fits(path: readonly string[], pattern: readonly string[]): boolean {
  return (
    path.length === pattern.length &&
    pattern.every((step, i) => step === path[i] || (step.startsWith(':') && !!path[i]))
  );
}
