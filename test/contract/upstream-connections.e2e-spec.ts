import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildConnector } from 'undici';
import { HttpTransport } from '#libs/idaas';

/** An upstream that counts its connections, and does not say how long it keeps them. */
describe('the connections to the upstream', () => {
  let server: Server;
  let transport: HttpTransport;
  let connections: number;
  let nowMs: number;
  beforeEach(async () => {
    connections = 0;
    server = createServer((request, response) => {
      request.resume();
      response.setHeader('keep-alive', 'timeout=600');
      response.end('{}');
    });
    server.keepAliveTimeout = 0;
    server.on('connection', () => (connections += 1));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    nowMs = 0;
    transport = new HttpTransport({
      ...{ connections: 2, maxResponseBytes: 1_000 },
      connect: buildConnector({ timeout: 5_000 }),
      baseUrl: () => baseUrl,
      now: () => nowMs,
    });
  });
  afterEach(async () => {
    await transport.close();
    server.close();
  });

  const send = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE') =>
    transport.send({ operation: 'any', method, path: '/', timeoutMs: 10_000 });

  it.each(['POST', 'PATCH', 'DELETE'] as const)(
    'a %s goes out on one that was used a moment ago, or on a new one, which nobody is about to close',
    async (method) => {
      await send(method);
      nowMs = 900;
      await send(method);
      expect(connections).toBe(1);
      nowMs = 2_000;
      await send(method);
      expect(connections).toBe(2);
    },
  );
});
