import { existsSync, readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { onSendHookHandler } from 'fastify';
import { JSON_MEDIA_TYPE } from '../server/response/conditional-response.js';
import { addRouteHook } from '../server/route-hooks.js';

/** As it is checked in: what is served is what was reviewed. */
const DOCUMENT = 'openapi.json';
/** The page brings its own scripts and styles. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** The same for everybody; another version of the gateway has another. */
const CACHE_CONTROL = 'public, no-cache';

const describeDocs: onSendHookHandler = (_request, reply, payload, done) => {
  void reply.headers({ 'content-security-policy': PAGE_POLICY, 'cache-control': CACHE_CONTROL });
  done(null, payload);
};

/** Serves the document at `/openapi.json` and a page to read it at `/docs`, to everybody. */
export function serveDocs(app: NestFastifyApplication): void {
  const text = readFileSync(nearest(DOCUMENT), 'utf8');
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/openapi.json', (_request, reply) =>
    reply.type(JSON_MEDIA_TYPE).header('cache-control', CACHE_CONTROL).send(text),
  );
  addRouteHook(fastify, 'onSend', ({ url }) => (url.startsWith('/docs') ? describeDocs : undefined));
  SwaggerModule.setup('docs', app, JSON.parse(text) as OpenAPIObject, {
    customSiteTitle: 'IDaaS Print Gateway',
    raw: false,
  });
}

/** In the folder above this code that has it, whether this code is in one file or in many. */
function nearest(name: string): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL(name, folder)) && folder.pathname !== '/') folder = new URL('..', folder);
  return new URL(name, folder);
}
