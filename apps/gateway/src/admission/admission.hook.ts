import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { CallersRequest } from '#libs/policy';
import type { Admission, Entry } from './admission.js';

/** A request of the framework that asks to be admitted. */
export type ApplyingRequest = FastifyRequest<{ Params: { printerId?: string } }> & CallersRequest;

/** Admits each request to a route that requires something, before its body is read. Other routes are for everybody, and take no body. */
export function admitBeforeBody(fastify: FastifyInstance, admission: Admission): void {
  fastify.decorateRequest('principal');
  fastify.decorateRequest('caller');
  fastify.addHook('onRequest', function (request: ApplyingRequest, _reply, done) {
    const entry = entryOf(request);
    if (entry.requires === undefined) return done();
    const admitted = admission.admit(request, entry);
    if (admitted) admitted.then(() => done(), done);
    else done();
  } as onRequestHookHandler);
}

/** What the route of a request asks of its callers. */
export function entryOf({ routeOptions, params }: ApplyingRequest): Entry {
  return { requires: routeOptions.config.requires, printerId: params.printerId };
}
