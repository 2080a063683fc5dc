import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BodyTooLarge } from '#libs/problem';
import { BodyMemory } from './body-memory.js';
import type { BodyConfig } from './body.config.js';
import { readJson } from './json-body.js';
import { JsonScanner, type ScanLimits } from './json-scanner.js';
import { requirePlainUtf8 } from './media-type.js';
import { receiveBody } from './receive-body.js';

const UNKNOWN_LENGTH_BYTES = 65_536;

/**
 * Reads JSON bodies. Long images stay what they are, bytes (`LongText`); all the rest of a body is small, and is refused as soon
 * as it is not. An empty body is none.
 */
export function readJsonBodies(
  fastify: FastifyInstance,
  { maxBytes, maxRemainderBytes }: BodyConfig,
  texts: Pick<ScanLimits, 'maxTexts' | 'isTextPlace'>,
): void {
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', async ({ raw }: FastifyRequest) => {
    requirePlainUtf8(raw.headers);
    const announcedBytes = announcedBytesOf(raw.headers['content-length']);
    if ((announcedBytes ?? 0) > maxBytes) throw tooLong(maxBytes);
    const memory = new BodyMemory(announcedBytes ?? maxBytes, announcedBytes ?? UNKNOWN_LENGTH_BYTES);
    const scanner = new JsonScanner({ maxRemainderBytes, ...texts });
    await receiveBody(raw, (chunk) => {
      if (memory.length + chunk.length > maxBytes) throw tooLong(maxBytes);
      memory.append(chunk);
      scanner.advance(memory.bytes);
    });
    return memory.length === 0 ? undefined : readJson(memory, scanner);
  });
}

function tooLong(maxBytes: number): BodyTooLarge {
  return new BodyTooLarge(`The body is longer than ${maxBytes} bytes.`);
}

/** Undefined where it comes in chunks. */
function announcedBytesOf(contentLength: string | undefined): number | undefined {
  return contentLength === undefined ? undefined : Number(contentLength);
}
