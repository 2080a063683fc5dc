import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/**
 * Begins an answer that stays open for long. It keeps little meanwhile: not what the request said, the caller's token among it, and
 * the lines of its own head as one text, which they become by being sent alone.
 */
export function beginStreamingResponse(reply: FastifyReply, headers: OutgoingHttpHeaders): ServerResponse {
  const { raw, request } = reply.hijack();
  raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...headers });
  raw.flushHeaders();
  request.raw.rawHeaders = [];
  request.raw.headers = {};
  return raw;
}
