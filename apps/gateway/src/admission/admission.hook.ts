import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { CallersRequest } from '#libs/policy';
import type { Admission } from './admission.js';

type ApplyingRequest = FastifyRequest<{ Params: { printerId?: string } }> & CallersRequest;

/** Admits each request to a route that requires something, before its body is read. Other routes are for everybody, and take no body. */
export function admitBeforeBody(fastify: FastifyInstance, admission: Admission): void {
  fastify.decorateRequest('principal');
  fastify.decorateRequest('caller');
  fastify.addHook('onRequest', function (request: ApplyingRequest, _reply, done) {
    const { requires } = request.routeOptions.config;
    if (requires === undefined) return done();
    const { printerId } = request.params;
    const admitted = admission.admit(request, { requires, printerId });
    if (admitted) admitted.then(() => done(), done);
    else done();
  } as onRequestHookHandler);
}
