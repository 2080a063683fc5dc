import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Tokens } from './tokens.js';

/** The vendor's scheme: the token in the `Authorization` header, bare or behind `Bearer `. */
export function requireToken(tokens: Tokens) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    if (tokens.isGood(token)) return;
    await reply
      .code(401)
      .send({ code: 'unauthorized', message: 'Authorization information is missing or invalid' });
  };
}
