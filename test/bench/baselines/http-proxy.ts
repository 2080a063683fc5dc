import { readFileSync } from 'node:fs';
import proxy from '@fastify/http-proxy';
import { createVerifier } from 'fast-jwt';
import Fastify from 'fastify';

/** A plain proxy with a fast signature check that remembers tokens; no roles, no owners, no cache. */
const { PORT, ORIGIN = '', PUBLIC_KEY_FILE = '', ISSUER = '', AUDIENCE = '' } = process.env;
const verify = createVerifier({
  key: readFileSync(PUBLIC_KEY_FILE, 'utf8'),
  algorithms: ['RS256'],
  allowedIss: ISSUER,
  allowedAud: AUDIENCE,
  cache: 20_000,
});

const app = Fastify({ bodyLimit: 20_000_000 });
await app.register(proxy, {
  upstream: ORIGIN,
  preHandler(request, reply, done) {
    try {
      verify((request.headers.authorization ?? '').slice('Bearer '.length));
      done();
    } catch {
      void reply.code(401).send();
    }
  },
  replyOptions: {
    rewriteRequestHeaders: (_request, headers) => ({ ...headers, authorization: 'Bearer of-the-upstream' }),
  },
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
