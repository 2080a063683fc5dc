import { errorCodes, type FastifyRequest } from 'fastify';
import { BodyMemory } from './body-memory.js';

type Collected = (error: Error | null, body?: BodyMemory) => void;

/** Takes in a body, no longer than `maxBytes`; fails with the framework's own errors. */
export function collectBody({ raw }: FastifyRequest, maxBytes: number, done: Collected): void {
  const announced = Number(raw.headers['content-length']);
  if (announced > maxBytes) return done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
  const memory = BodyMemory.again(announced);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const finish = (error: Error | null) => {
    raw.off('data', take).off('end', end).off('error', fail);
    if (error) memory?.giveBack();
    if (error) done(error);
    else done(null, memory ?? BodyMemory.of(...chunks));
  };
  const take = (chunk: Buffer) => {
    // No more than was announced can come: the parser of HTTP sees to it.
    if (memory) memory.bytes.set(chunk, bytes);
    else chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) finish(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
  };
  const end = () => {
    const isWhole = Number.isNaN(announced) || bytes === announced;
    finish(isWhole ? null : new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH());
  };
  const fail = (error: Error) => finish(Object.assign(error, { statusCode: 400 }));
  raw.on('data', take).on('end', end).on('error', fail);
}
