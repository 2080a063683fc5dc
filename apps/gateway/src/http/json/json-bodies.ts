import { isAscii } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { scan } from 'secure-json-parse';
import type { BodyMemory } from './body-memory.js';
import { collectBody } from './collect-body.js';
import { liftLongTexts } from './long-texts.js';

/** What the framework's own parser does about names that change an object's prototype (OWASP, prototype pollution). */
const REFUSED = { protoAction: 'error', constructorAction: 'error' } as const;

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Parses JSON bodies at the speed of the engine, and looks for dangerous names in what was read, not in each character. Long
 * images stay what they are, bytes (`LongText`). What is wrong with a body the framework's own parser says.
 */
export function parseJsonBodies(fastify: FastifyInstance, maxBytes: number): void {
  const careful = fastify.getDefaultJsonParser(REFUSED.protoAction, REFUSED.constructorAction);
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', (request: FastifyRequest, _payload, done: Done) => {
    collectBody(request, maxBytes, (error, memory) => {
      if (!memory) return done(error);
      const lifted = liftedBody(memory);
      if (lifted !== undefined) return done(null, lifted);
      const text = textOf(memory.bytes);
      memory.giveBack();
      const parsed = harmless(text);
      if (parsed === undefined) void careful(request, text, done);
      else done(null, parsed);
    });
  });
}

/** Undefined for a body that has no long texts, or is to be looked at as a whole for another reason. */
function liftedBody(memory: BodyMemory): unknown {
  const lifted = liftLongTexts(memory);
  return lifted && harmless(lifted.json, (_name, value) => lifted.texts.get(value as string) ?? value);
}

/** ASCII is the same in Latin-1, which needs no decoding. */
function textOf(body: Buffer): string {
  return isAscii(body) ? body.toString('latin1') : body.toString('utf8');
}

/** Undefined for what is no JSON, or not harmless. */
function harmless(text: string, reviver?: (name: string, value: unknown) => unknown): unknown {
  try {
    const parsed = JSON.parse(text, reviver) as unknown;
    return typeof parsed === 'object' && parsed !== null ? scan(parsed, REFUSED) : parsed;
  } catch {
    return undefined;
  }
}
