import { createServer } from 'node:http';

/** What the HTTP itself costs: the same bytes for everybody, no checks. */
const TEXT = JSON.stringify({
  status: 'COMPLETED',
  createdOn: '2026-11-24T09:00:00.000Z',
  updatedOn: '2026-11-24T09:00:03.000Z',
  data: { copiesRemaining: 0 },
});
const HEAD = { 'content-type': 'application/json', 'content-length': TEXT.length };

createServer((_request, response) => {
  response.writeHead(200, HEAD).end(TEXT);
}).listen(Number(process.env.PORT), '127.0.0.1');
