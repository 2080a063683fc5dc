import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildConnector } from 'undici';
import { HttpTransport } from '#libs/idaas';

/** An upstream that answers when it is told to. */
describe('the transport to an upstream whose answers were crossed', () => {
  let server: Server;
  let transport: HttpTransport;
  let asked: Promise<ServerResponse>;
  beforeEach(async () => {
    server = createServer();
    asked = once(server, 'request').then(([, response]) => response as ServerResponse);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    transport = new HttpTransport({
      ...{ connections: 2, maxResponseBytes: 1_000 },
      connect: buildConnector({ timeout: 5_000 }),
      baseUrl: () => baseUrl,
    });
  });
  afterEach(async () => {
    await transport.close();
    server.close();
  });

  const print = () =>
    transport.send({
      ...{ operation: 'print', method: 'POST', path: '/', body: '{}', timeoutMs: 10_000 },
      mark: () => Promise.resolve(Infinity),
    });

  it('takes the answer to a print that was on its way for lost', async () => {
    const answer = print().then(
      () => 'taken',
      (error: unknown) => error,
    );
    const response = await asked;
    transport.distrust();
    response.end('{}');
    expect(await answer).toMatchObject({ name: 'upstream-unreachable', sent: true });
  });

  it('takes it where the upstream is only another one from now on, and what is printed afterwards', async () => {
    const answer = print();
    const response = await asked;
    transport.renew();
    response.end('{}');
    expect(await answer).toMatchObject({ status: 200 });
    transport.distrust();
    server.once('request', (_request, later: ServerResponse) => later.end('{}'));
    expect(await print()).toMatchObject({ status: 200 });
  });
});
