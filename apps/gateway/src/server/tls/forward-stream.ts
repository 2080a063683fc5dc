import { request as httpRequest, type IncomingMessage } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ConnectionEnd } from './connection-end.js';

/** What HTTP/2 has no use for, or says otherwise (RFC 9113 §8.2.2). */
const OF_A_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
]);
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
/** How long a caller may take nothing of an answer that is complete; of HTTP/1.1 the kernel would have it by then. */
const UNREAD_MS = 5_000;

interface Head {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn, as often as they came. */
  readonly lines: string[];
}

/**
 * Sends the request of an HTTP/2 stream over a connection of its own as HTTP/1.1, and its answer back. Node's parser and everything behind
 * it then decide about the same request, whichever way it came. Each line is passed on, so that one which stands twice is seen to.
 */
export function forwardStream(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  connection: ConnectionEnd,
): void {
  // What breaks off is told by `close`.
  stream.on('error', () => {});
  const head = headOf(rawHeaders, stream.endAfterHeaders);
  if (!head) return refuse(stream, connection);
  const { method, path, lines } = head;
  try {
    const request = httpRequest({ method, path, headers: lines, createConnection: () => connection });
    stream.on('close', () => request.destroy());
    // Reset in the middle: with NO_ERROR Node would take the body for complete, and leave the stream open.
    stream.on('aborted', () => {
      request.destroy();
      stream.destroy();
    });
    // What goes wrong behind the beginning of the answer, its own reader sees.
    request.on('error', () => {
      if (!stream.headersSent) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    });
    request.on('response', (response) => answer(stream, response));
    request.on('continue', () => {
      if (isOver(stream)) return;
      stream.additionalHeaders({ ':status': 100 });
      stream.pipe(request);
    });
    if (stream.endAfterHeaders) return void request.end();
    // Who may not is told so before the body comes.
    request.flushHeaders();
    if (lineOf('expect', lines) < 0) stream.pipe(request);
  } catch {
    // Node's client refuses what could not be written as HTTP/1.1.
    refuse(stream, connection);
  }
}

/** Undefined where it is no request that HTTP/1.1 could say in the same words. */
function headOf(rawHeaders: readonly string[], isWithoutBody: boolean): Head | undefined {
  const { pseudo, lines } = linesOf(rawHeaders);
  const [method, path, authority] = [':method', ':path', ':authority'].map((name) => pseudo.get(name));
  if (method === undefined || method === 'CONNECT' || !path?.startsWith('/')) return undefined;
  if (authority !== undefined && !agreeOnHost(lines, authority)) return undefined;
  frameBody(lines, method, isWithoutBody);
  return { method, path, lines };
}

function linesOf(rawHeaders: readonly string[]) {
  const pseudo = new Map<string, string>();
  const lines: string[] = [];
  const cookies: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index] as string, rawHeaders[index + 1] as string];
    if (name.startsWith(':')) pseudo.set(name, value);
    else if (name === 'cookie') cookies.push(value);
    else if (!OF_A_CONNECTION.has(name)) lines.push(name, value);
  }
  // Split as HTTP/2 allows (RFC 9113 §8.2.3).
  if (cookies.length > 0) lines.push('cookie', cookies.join('; '));
  return { pseudo, lines };
}

/** RFC 9113 §8.3.1: `host` must not differ, and is `:authority` where it is left out. */
function agreeOnHost(lines: string[], authority: string): boolean {
  const at = lineOf('host', lines);
  if (at >= 0) return lines[at + 1] === authority;
  lines.push('host', authority);
  return true;
}

/** HTTP/2 knows where a body ends by itself. Left to itself Node's client would send that of a `DELETE` without saying so. */
function frameBody(lines: string[], method: string, isWithoutBody: boolean): void {
  if (lineOf('content-length', lines) >= 0) return;
  if (!isWithoutBody) lines.push('transfer-encoding', 'chunked');
  else if (!BODILESS.has(method)) lines.push('content-length', '0');
}

function lineOf(name: string, lines: readonly string[]): number {
  return lines.findIndex((each, index) => index % 2 === 0 && each === name);
}

function answer(stream: ServerHttp2Stream, response: IncomingMessage): void {
  if (isOver(stream)) return void response.destroy();
  const kept = Object.entries(response.headers).filter(([name]) => !OF_A_CONNECTION.has(name));
  stream.respond({ ...Object.fromEntries(kept), ':status': response.statusCode ?? 500 });
  response.on('error', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  response.on('end', () => {
    // The rest of a body that nobody read is not waited for (RFC 9113 §8.1); a stream ends only when nothing of it is left to be read.
    stream.unpipe();
    stream.resume();
    stream.setTimeout(UNREAD_MS, () => stream.destroy());
    stream.end(() => stream.close(constants.NGHTTP2_NO_ERROR));
  });
  response.pipe(stream, { end: false });
}

/** Also one that was reset and is still to be read. */
function isOver(stream: ServerHttp2Stream): boolean {
  return stream.destroyed || stream.closed;
}

function refuse(stream: ServerHttp2Stream, connection: ConnectionEnd): void {
  connection.destroy();
  stream.close(constants.NGHTTP2_PROTOCOL_ERROR);
}
