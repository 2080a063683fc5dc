import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * The upstream of a bench, as fast as Node can be: it checks nothing and remembers nothing. What is printed is at once
 * COMPLETED, except at the printer whose jobs go on for ever.
 */
const SLOW_PRINTER = '/printers/1c1eca1b-';
const DONE = { kind: 'd', status: 'COMPLETED' };
const GOING_ON = { kind: 'e', status: 'IN_PROGRESS' };

const statusOf = (status: string) =>
  JSON.stringify({
    status,
    createdOn: '2026-11-24T09:00:00.000Z',
    updatedOn: '2026-11-24T09:00:03.000Z',
    data: { copiesRemaining: 0 },
  });
const TEXTS = new Map([DONE, GOING_ON].map(({ kind, status }) => [kind, statusOf(status)]));
const COUNTS = JSON.stringify({ counts: [{ name: 'Front office', count: 4711 }] });
const AUTH_TOKEN = JSON.stringify({
  authToken: 'a'.repeat(200),
  creationTime: new Date().toISOString(),
  expirationTime: new Date(Date.now() + 86_400_000).toISOString(),
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { method, url = '' } = request;
  if (method === 'POST' && url.endsWith('/authenticate')) return send(response, AUTH_TOKEN);
  if (method === 'POST') return send(response, printed(url));
  if (url.endsWith('/printcounts')) return send(response, COUNTS);
  send(response, TEXTS.get(url.at(url.lastIndexOf('/') + 1) ?? '') ?? '{}');
}

function printed(url: string): string {
  const { kind } = url.includes(SLOW_PRINTER) ? GOING_ON : DONE;
  const id = kind + randomUUID().slice(1);
  return JSON.stringify({ printStatus: { id, link: `/api/web/v1/printers/print/${id}` } });
}

function send(response: ServerResponse, text: string): void {
  const head = {
    'content-type': 'application/json',
    'content-length': text.length,
    'cache-control': 'max-age=600',
  };
  response.writeHead(200, head).end(text);
}

createServer((request, response) => {
  request.resume().once('end', () => answer(request, response));
}).listen(Number(process.env.PORT), '127.0.0.1');
