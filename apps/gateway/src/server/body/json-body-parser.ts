import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Member } from '#libs/limits';
import type { CallersRequest } from '#libs/policy';
import { BodyTooLarge } from '#libs/problem';
import type { Metrics } from '#libs/telemetry';
import { tenantMember } from '../../upstream/tenant-member.js';
import { BodyBudget } from './body-budget.js';
import { BodyBuffer } from './body-buffer.js';
import type { BodyConfig } from './body.config.js';
import { JsonScanner, type ScanLimits } from './json-scanner.js';
import { requirePlainUtf8 } from './media-type.js';
import { parseJsonBody } from './parse-json-body.js';
import { readBody } from './read-body.js';
import { releaseWhenHandled, type BodyRequest } from './release-when-handled.js';
import { SlowUploads } from './slow-uploads.js';

/** Of each of the two kinds of waiters. */
const MAX_WAITING = 128;
/** Those who are not known share as one. */
const NOBODY: Member = { tenant: '', name: '' };
/** How much a body of unknown length takes at a time. */
const STEP_BYTES = 65_536;

/**
 * The parser of JSON bodies. Long images stay what they are, bytes (`RawJsonString`); all the rest of a body is small, and is refused as soon
 * as it is not. An empty body is none. What a body takes of the memory for all of them it holds until its request was handled.
 */
export function addJsonBodyParser(
  fastify: FastifyInstance,
  config: BodyConfig,
  longStrings: Omit<ScanLimits, 'maxRemainderBytes'>,
  metrics: Metrics,
): void {
  const { maxBytes, maxRemainderBytes, memoryBytes } = config;
  const uploads = new SlowUploads(config);
  const budget = new BodyBudget({
    bytes: memoryBytes,
    bytesPerTenant: config.memoryBytesPerTenant,
    bytesPerUser: config.memoryBytesPerUser,
    waiting: MAX_WAITING,
    waitMs: config.memoryWaitMs,
  });
  metrics.gauge('body_memory_bytes', 'Memory that bodies under way hold.', () => budget.heldBytes);
  metrics.gauge('body_memory_limit_bytes', 'Memory that bodies under way may hold.', () => memoryBytes);
  metrics.gauge('body_memory_waiting', 'Bodies that wait for memory.', () => budget.waiting);
  fastify.addHook('onClose', () => uploads.close());
  releaseWhenHandled(fastify);

  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const { raw } = request;
    requirePlainUtf8(raw.headers);
    const announcedBytes = announcedBytesOf(raw.headers['content-length']);
    if ((announcedBytes ?? 0) > maxBytes) throw tooLong(maxBytes);
    const firstBytes = announcedBytes ?? Math.min(STEP_BYTES, maxBytes);
    const reserved = budget.reserve(memberOf(request), firstBytes, raw);
    const share = reserved instanceof Promise ? await reserved : reserved;
    try {
      const body = new BodyBuffer(firstBytes, announcedBytes ?? maxBytes);
      const scanner = new JsonScanner({ maxRemainderBytes, ...longStrings });
      await readBody(raw, uploads, share, (chunk) => {
        const length = body.length + chunk.length;
        if (length > maxBytes) throw tooLong(maxBytes);
        if (announcedBytes === undefined)
          share.growTo(Math.min(maxBytes, Math.ceil(length / STEP_BYTES) * STEP_BYTES));
        body.append(chunk);
        scanner.advance(body.bytes);
      });
      const value = body.length === 0 ? undefined : parseJsonBody(body.bytes, scanner);
      (request as BodyRequest).bodyShare = share;
      return value;
    } catch (error) {
      share.release();
      throw error;
    }
  });
}

function tooLong(maxBytes: number): BodyTooLarge {
  return new BodyTooLarge(`The body is longer than ${maxBytes} bytes.`);
}

/** Undefined where it comes in chunks. */
function announcedBytesOf(contentLength: string | undefined): number | undefined {
  return contentLength === undefined ? undefined : Number(contentLength);
}

function memberOf(request: FastifyRequest): Member {
  const principal = (request as CallersRequest).caller?.principal;
  return principal ? tenantMember(principal) : NOBODY;
}
