import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Calls } from './calls.js';
import type { Fault, Faults } from './faults.js';
import { vendorError } from './vendor-errors.js';

const DRIP_BYTES = 8;
const DELAY_MS = 1_000;
const LONG_BYTES = 50_000_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The vendor's operationId; routes without one are the emulator's own. */
    operation?: string;
  }
  interface FastifyRequest {
    faults: Fault[];
  }
}

/** Counts the calls that arrive, and lets the faults that are switched on happen to them. */
export function injectFaults(fastify: FastifyInstance, faults: Faults, calls: Calls): void {
  fastify.decorateRequest('faults');
  fastify.addHook('onRequest', async (request, reply) => {
    const { operation } = request.routeOptions.config;
    request.faults = operation ? faults.meet(operation) : [];
    if (!operation) return;
    calls.note(operation, request.headers);
    await injectBefore(request, reply);
  });
  fastify.addHook('preHandler', (request) => pauseFor('late-effect', request.faults));
  fastify.addHook('onSend', async (request, reply, payload) => {
    await pauseFor('latency-after', request.faults);
    return injectAfter(request, reply, payload);
  });
}

async function injectBefore(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { operation } = request.routeOptions.config;
  for (const fault of request.faults) {
    if (fault.kind === 'latency') await delay(fault.milliseconds ?? DELAY_MS);
    if (fault.kind === 'reset-before') return reset(request, reply);
    if (fault.kind === 'unauthorized')
      await reply.code(401).send(vendorError(operation, 'unauthorized', 'Token expired'));
    if (fault.kind === 'status') await sendStatus(fault, reply, operation);
  }
}

async function pauseFor(kind: Fault['kind'], faults: readonly Fault[]): Promise<void> {
  for (const fault of faults) if (fault.kind === kind) await delay(fault.milliseconds ?? DELAY_MS);
}

async function sendStatus(
  { status = 500, body, headers = {} }: Fault,
  reply: FastifyReply,
  operation: string | undefined,
): Promise<void> {
  await reply
    .code(status)
    .headers(headers)
    .send(body ?? vendorError(operation, 'internal_error', 'An unexpected error happened'));
}

function injectAfter(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const kinds = request.faults.map((fault) => fault.kind);
  const text = typeof payload === 'string' ? payload : '';
  if (kinds.includes('reset-after')) reset(request, reply);
  if (kinds.includes('unauthorized-after')) return asUnauthorized(request, reply);
  if (kinds.includes('html')) return asHtml(reply);
  if (kinds.includes('gzip')) return asGzip(reply, text);
  if (kinds.includes('half-body')) return half(request, reply, text);
  if (kinds.includes('long')) return long(reply, text);
  if (kinds.includes('slow-drip')) return drip(reply, text, request.faults);
  return payload;
}

function reset(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.resetAndDestroy();
}

function asUnauthorized(request: FastifyRequest, reply: FastifyReply): string {
  void reply.code(401).removeHeader('content-length');
  return JSON.stringify(vendorError(request.routeOptions.config.operation, 'unauthorized', 'Token expired'));
}

function asHtml(reply: FastifyReply): string {
  void reply.header('content-type', 'text/html').removeHeader('content-length');
  return '<html><body><h1>It works!</h1></body></html>';
}

function asGzip(reply: FastifyReply, text: string): Buffer {
  void reply.header('content-encoding', 'gzip').removeHeader('content-length');
  return gzipSync(text);
}

/** Promises the whole length, sends half, and ends the connection. */
function half(request: FastifyRequest, reply: FastifyReply, text: string): void {
  reply.hijack();
  const bytes = Buffer.from(text);
  reply.raw.writeHead(reply.statusCode, {
    'content-type': 'application/json',
    'content-length': bytes.length,
  });
  reply.raw.write(bytes.subarray(0, bytes.length >> 1), () => request.raw.socket.destroy());
}

function long(reply: FastifyReply, text: string): string {
  void reply.removeHeader('content-length');
  return text.padEnd(LONG_BYTES);
}

function drip(reply: FastifyReply, text: string, faults: readonly Fault[]): Readable {
  const pauseMs = faults.find((fault) => fault.kind === 'slow-drip')?.milliseconds ?? 100;
  void reply.removeHeader('content-length');
  return Readable.from(dripped(text, pauseMs));
}

async function* dripped(text: string, pauseMs: number) {
  for (let at = 0; at < text.length; at += DRIP_BYTES) {
    await delay(pauseMs);
    yield text.slice(at, at + DRIP_BYTES);
  }
}
