import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import {
  HeadersTooLarge,
  MalformedRequest,
  RequestTooSlow,
  PROBLEM_MEDIA_TYPE,
  problemBody,
} from '#libs/problem';

/** Answers what Node's parser refuses before there is a request, in the same form as every other problem. */
export function answerConnectionFault(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = faultOf(error.code);
  const { status } = problem.kind;
  const body = JSON.stringify(problemBody(problem, { instance: '/', requestId: randomUUID() }));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: ${PROBLEM_MEDIA_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function faultOf(code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLarge();
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTooSlow();
  return new MalformedRequest({ detail: 'The request is not HTTP as RFC 9112 describes it.' });
}
