import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { HeadersTooLarge, MalformedRequest, problemAnswer, RequestTooSlow } from '#libs/problem';
import type { CommonHeaders } from '../response/common-headers.js';
import { READABLE_BY_ALL } from '../response/cors.js';
import { lingeringClose } from './lingering-close.js';
import type { UnparsedRequests } from './unparsed-requests.js';

/**
 * Answers what Node's parser refuses before there is a request, in the same form as every other problem. Whose page it came from is
 * not known then; what is answered is the same for all.
 */
export function answerClientErrors(headers: CommonHeaders, unparsed: UnparsedRequests) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const requestId = randomUUID();
    const answer = problemAnswer(faultOf(error.code), { instance: '/', requestId });
    const lines = Object.entries({
      ...headers,
      ...READABLE_BY_ALL,
      ...answer.headers,
      'x-request-id': requestId,
      date: new Date().toUTCString(),
      connection: 'close',
      'content-length': Buffer.byteLength(answer.text),
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const { status, text } = answer;
    unparsed.note({ requestId, status, code: error.code, clientAddress: socket.remoteAddress });
    lingeringClose(socket, `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`);
  };
}

function faultOf(code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLarge();
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTooSlow();
  return new MalformedRequest({ detail: 'The request is not HTTP as RFC 9112 describes it.' });
}
