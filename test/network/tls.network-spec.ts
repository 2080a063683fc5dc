import { copyFileSync } from 'node:fs';
import {
  connect as connectHttp2,
  constants,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
} from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { Agent, fetch } from 'undici';
import { Authority, type Certified } from '../support/authority.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, UNCACHED } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

/** Whoever runs no proxy before the gateway lets it speak TLS itself, and IPv6. */
describe('a gateway with a certificate of its own', () => {
  let authority: Authority;
  let own: Certified;
  let env: TestEnvironment;
  let origin: string;
  let agents: Record<'HTTP/1.1' | 'HTTP/2', Agent>;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    authority = new Authority();
    const one = authority.certify('localhost', '::1');
    own = { certFile: authority.copyOf(one.certFile), keyFile: authority.copyOf(one.keyFile) };
    env = await TestEnvironment.open({
      gateway: { ...UNCACHED, HOST: '::', TLS_CERT_FILE: own.certFile, TLS_KEY_FILE: own.keyFile },
    });
    origin = `https://[::1]:${new URL(env.gatewayUrl).port}`;
    const agent = (allowH2: boolean) => new Agent({ allowH2, connect: { ca: authority.ca } });
    agents = { 'HTTP/1.1': agent(false), 'HTTP/2': agent(true) };
    session = connectHttp2(origin, { ca: authority.ca });
  });
  afterAll(async () => {
    session.destroy();
    await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
    await env.close();
    authority.dispose();
  });

  const authorization = async () => `Bearer ${await env.tokenOf('olga')}`;

  /** Sends a request as HTTP/2, and answers with its status, its headers and its text. */
  async function send(
    headers: Record<string, string | string[] | undefined>,
    body?: string | Buffer,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; text: string; continued: boolean }> {
    const stream = session.request(headers, { endStream: body === undefined });
    let continued = false;
    stream.on('continue', () => {
      continued = true;
      stream.end(body);
    });
    if (body !== undefined && headers.expect === undefined) stream.end(body);
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return {
      status: Number(answer[':status']),
      headers: answer,
      text: Buffer.concat(chunks).toString(),
      continued,
    };
  }

  describe.each(['HTTP/1.1', 'HTTP/2'] as const)('by %s', (version) => {
    const ask = async (path: string, init: Parameters<typeof fetch>[1] = {}) =>
      fetch(origin + path, {
        ...init,
        dispatcher: agents[version],
        headers: { authorization: await authorization(), ...(init.headers as Record<string, string>) },
      });
    const post = (path: string, body: object) =>
      ask(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });

    it('prints, reads, and refuses as it does in the clear', async () => {
      const printed = await post(printPath(), printRequest());
      expect(printed.status).toBe(200);
      const { printStatus } = (await printed.json()) as { printStatus: { id: string } };
      const status = await ask(statusPath(printStatus.id));
      expect([status.status, status.headers.get('etag')]).toEqual([200, expect.any(String)]);
      expect(await status.json()).toMatchObject({ status: 'QUEUED' });
      const none = await ask(statusPath('00000000-0000-4000-8000-000000000000'));
      expect(none.status).toBe(404);
      expect(none.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect((await ask(fixtures.counts, { headers: { authorization: 'Bearer x' } })).status).toBe(401);
      const cancelled = await ask(statusPath(printStatus.id), { method: 'DELETE' });
      expect([cancelled.status, await cancelled.text()]).toEqual([204, '']);
    });

    it('takes the fast path where others do', async () => {
      const before = await taken();
      await ask(fixtures.counts);
      expect(await taken()).toBe(before + 1);
    });

    it('follows a job, and lets go when its caller goes', async () => {
      const printed = await post(printPath(), printRequest());
      const { id } = ((await printed.json()) as { printStatus: { id: string } }).printStatus;
      const leaving = new AbortController();
      const stream = await ask(`/api/gateway/v1/jobs/${id}/events`, { signal: leaving.signal });
      expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!text.includes('QUEUED')) text += (await reader?.read())?.value ?? '';
      await env.emulator.advance(120_000);
      while (!text.includes('COMPLETED')) text += (await reader?.read())?.value ?? '';
      leaving.abort();
      await eventually(async () => expect(await streams()).toBe(0));
    });
  });

  const gauge = async (name: string) =>
    Number(
      new RegExp(`^print_gateway_${name.replace(/[{}]/g, '\\$&')} (\\d+)$`, 'm').exec(
        await env.gateway(0).metrics(),
      )?.[1],
    );
  const taken = () => gauge('fast_path_requests_total');
  const streams = () => gauge('event_streams');

  it('names the address of its caller, also in IPv6', async () => {
    const headers = {
      ':path': fixtures.counts,
      authorization: await authorization(),
      'user-agent': 'by-ipv6',
    };
    expect((await send(headers)).status).toBe(200);
    await eventually(() => expect(env.output).toMatch(/"clientAddress":"::1","userAgent":"by-ipv6"/));
  });

  it('sees to lines that stand twice', async () => {
    const headers = { ':path': fixtures.counts, authorization: await authorization() };
    const { status, text } = await send({ ...headers, 'x-request-id': ['one', 'two'] });
    expect([status, text]).toEqual([400, expect.stringContaining('x-request-id may stand once')]);
  });

  it('refuses another host than the one that is asked for, and what is no path', async () => {
    const heads = [
      { host: 'another.example', ':authority': 'one.example' },
      { ':path': '*', ':method': 'OPTIONS' },
    ];
    for (const head of heads) {
      const stream = session.request({
        ':path': fixtures.counts,
        authorization: await authorization(),
        ...head,
      });
      stream.on('error', () => {}).resume();
      await once(stream, 'close').catch(() => {});
      expect(stream.rstCode).toBe(constants.NGHTTP2_PROTOCOL_ERROR);
    }
  });

  it('takes the body of a DELETE for a body, and not for the next request', async () => {
    const smuggled = `GET ${fixtures.counts} HTTP/1.1\r\nhost: x\r\nx-request-id: smuggled\r\n\r\n`;
    const head = { ':method': 'DELETE', ':path': statusPath('00000000-0000-4000-8000-000000000000') };
    const { status } = await send({ ...head, authorization: await authorization() }, smuggled);
    expect(status).toBeGreaterThanOrEqual(400);
    const next = {
      ':path': fixtures.counts,
      authorization: await authorization(),
      'x-request-id': 'the-next-one',
    };
    expect((await send(next)).status).toBe(200);
    await eventually(() => expect(env.output).toContain('"requestId":"the-next-one"'));
    expect(env.output).not.toContain('"requestId":"smuggled"');
  });

  it('answers who may not before the body is read, and tells who may to send it', async () => {
    const body = JSON.stringify(printRequest());
    const head = { ':method': 'POST', ':path': printPath(), 'content-type': 'application/json' };
    const refused = await send({ ...head, authorization: 'Bearer x' }, Buffer.alloc(1_000_000, 32));
    expect(refused.status).toBe(401);
    const asked = await send({ ...head, authorization: await authorization(), expect: '100-continue' }, body);
    expect([asked.status, asked.continued]).toEqual([200, true]);
    expect(session.closed).toBe(false);
  });

  it('holds a body against the same bounds, in one piece or many', async () => {
    const head = { ':method': 'POST', ':path': printPath(), 'content-type': 'application/json' };
    const long = JSON.stringify({
      print: { front: [{ data: 'x'.repeat(200_000), layer: 'y'.repeat(100_000) }] },
    });
    expect(
      (await send({ ...head, authorization: await authorization() }, long)).status,
    ).toBeGreaterThanOrEqual(400);
    const announced = { ...head, authorization: await authorization(), 'content-length': '200000000' };
    const stream = session.request(announced);
    stream.write('{');
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    expect(answer[':status']).toBe(413);
    stream.on('error', () => {}).close();
  });

  it('lets go of those who speak no TLS, or end in the middle of it', async () => {
    const { port } = new URL(origin);
    for (const words of [
      'GET / HTTP/1.1\r\nhost: x\r\n\r\n',
      '\x16\x03\x01',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ]) {
      const socket = connectTcp(Number(port), '::1')
        .on('error', () => {})
        .resume();
      socket.end(words);
      await once(socket, 'close');
    }
    expect((await send({ ':path': fixtures.counts, authorization: await authorization() })).status).toBe(200);
    expect(await gauge('unexpected_errors_total{kind="exception"}')).toBe(0);
    expect(await gauge('unexpected_errors_total{kind="rejection"}')).toBe(0);
  });

  it.each([
    ['with a length', { 'content-length': '1000' }],
    ['of any length', {}],
    ['that waits to be asked for', { 'content-length': '1000', expect: '100-continue' }],
  ])('outlives callers that reset a request in the middle of a body %s', async (_, headers) => {
    const head = { ':method': 'POST', ':path': printPath(), 'content-type': 'application/json', ...headers };
    for (const code of [constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL]) {
      const own = connectHttp2(origin, { ca: authority.ca });
      const stream = own.request({ ...head, authorization: await authorization() }, { endStream: false });
      stream.on('error', () => {});
      await ('expect' in headers ? once(stream, 'continue') : once(own, 'remoteSettings'));
      stream.write('{"print":');
      stream.close(code);
      await once(stream, 'close');
      // What came before it on this connection was taken in by then.
      own.ping(() => own.close());
      await once(own, 'close');
    }
    expect(await gauge('unexpected_errors_total{kind="exception"}')).toBe(0);
    expect(env.output).not.toContain('an error that nobody caught');
  });

  it('refuses who is not known before the body comes', async () => {
    const head = { ':method': 'POST', ':path': printPath(), 'content-type': 'application/json' };
    const stream = session.request({ ...head, authorization: 'Bearer x' }, { endStream: false });
    stream.on('error', () => {});
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    expect(answer[':status']).toBe(401);
    stream.close();
  });

  it('shows a changed certificate without a restart', async () => {
    const next = new Authority('Next Authority');
    const other = next.certify('localhost', '::1');
    copyFileSync(other.certFile, own.certFile);
    copyFileSync(other.keyFile, own.keyFile);
    const { port } = new URL(origin);
    await eventually(async () => {
      const socket = connectTls({ host: '::1', port: Number(port), ca: next.ca });
      await once(socket, 'secureConnect');
      socket.destroy();
    });
    next.dispose();
  });

  it('stops when it is told to, though connections of HTTP/2 are open, and some read nothing', async () => {
    // The certificate is another one by now.
    const unread = connectHttp2(origin, { rejectUnauthorized: false, settings: { initialWindowSize: 0 } });
    unread.on('error', () => {});
    const stream = unread.request({ ':path': fixtures.counts });
    stream.on('error', () => {});
    await once(stream, 'response');
    const closed = once(session, 'close');
    await env.gateway(0).program.stop();
    await closed;
    expect(await env.gateway(0).program.ended()).toBe(0);
  });
});
