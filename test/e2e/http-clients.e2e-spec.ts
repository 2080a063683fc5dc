import { resolve } from 'node:path';
import { deflateSync, gzipSync, brotliCompressSync } from 'node:zlib';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { requestText, sendRaw } from '../support/raw.js';
import { base64, noisePng, png, printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const PAGE = 'https://cards.example.com';
const JSON_TYPE = 'Content-Type: application/json';

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

interface Stricter {
  readonly STRICTER: readonly { readonly at: string; readonly refused?: string }[];
}

describe('what HTTP clients send', () => {
  let env: TestEnvironment;
  let token: string;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateways: 2,
      each: (index) => ({ FAST_PATH: index === 0 ? 'on' : 'off' }),
      policy: (yaml) => `${yaml}\ncors: { origins: ['${PAGE}'] }\n`,
    });
    token = await env.tokenOf('olga');
  });
  afterAll(() => env.close());

  const print = async (gateway = 0) =>
    (await env.as('olga', gateway).post(printPath(), printRequest())).body.printStatus.id as string;
  const statusOf = async (id: string) =>
    (await env.as('olga').get(statusPath(id), { 'cache-control': 'no-cache' })).body.status as string;

  async function send(
    line: string,
    headers: readonly string[],
    body: string | Buffer = '',
    gateway = 0,
  ): Promise<Answer> {
    const lines = [`Authorization: Bearer ${token}`, 'Connection: close', ...headers];
    const request = Buffer.concat([Buffer.from(requestText(line, lines)), Buffer.from(body)]);
    const answer = await sendRaw(env.gateway(gateway).url, request).ended;
    const [before = '', ...rest] = answer.split('\r\n\r\n');
    return { status: Number(answer.slice(9, 12)), head: before, body: rest.join('\r\n\r\n') };
  }

  const post = (body: string | Buffer, headers: readonly string[] = []) =>
    send(`POST ${printPath()}`, [JSON_TYPE, `Content-Length: ${Buffer.byteLength(body)}`, ...headers], body);

  describe('a token without a scheme', () => {
    const bare = async (path: string, gateway: number, headers: Record<string, string> = {}) =>
      fetch(env.gateway(gateway).url + path, { headers: { authorization: token, ...headers } });

    it.each([0, 1])(
      'is taken like one behind Bearer, by the fast path or the framework (%i)',
      async (gateway) => {
        const id = await print(gateway);
        const paths = [fixtures.counts, fixtures.printers, statusPath(id), '/api/gateway/v1/me'];
        for (const path of paths) expect([path, (await bare(path, gateway)).status]).toEqual([path, 200]);
        const printed = await fetch(env.gateway(gateway).url + printPath(), {
          method: 'POST',
          headers: { authorization: token, 'content-type': 'application/json' },
          body: JSON.stringify(printRequest()),
        });
        expect(printed.status).toBe(200);
      },
    );

    it('follows a job and waits for one', async () => {
      const id = await print();
      const stream = await bare(`/api/gateway/v1/jobs/${id}/events`, 0);
      expect(stream.status).toBe(200);
      await stream.body?.cancel();
      const etag = (await bare(statusPath(id), 0)).headers.get('etag') as string;
      const waited = await bare(statusPath(id), 0, { prefer: 'wait=1', 'if-none-match': etag });
      expect(waited.status).toBe(304);
    });

    it.each([0, 1])(
      'that is not valid is told so, and what is no token is told to send one (%i)',
      async (gateway) => {
        const challengeTo = async (authorization: string) => {
          const answer = await fetch(env.gateway(gateway).url + fixtures.counts, {
            headers: { authorization },
          });
          return [answer.status, /error="(\w+)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1]];
        };
        expect(await challengeTo(token.slice(0, -8))).toEqual([401, 'invalid_token']);
        expect(await challengeTo(`${token} x`)).toEqual([401, undefined]);
        expect(await challengeTo('Bearer')).toEqual([401, 'invalid_token']);
        for (const scheme of ['Basic', 'Negotiate', 'SCRAM-SHA-256', 'Basic b2xnYTpvbGdh', `Token ${token}`])
          expect([scheme, ...(await challengeTo(scheme))]).toEqual([scheme, 401, undefined]);
      },
    );
  });

  describe('a DELETE without a body', () => {
    it.each([
      ['a media type', [JSON_TYPE]],
      ['a media type and a length of 0', [JSON_TYPE, 'Content-Length: 0']],
      [
        'the media type of a form and a length of 0',
        ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 0'],
      ],
      ['a media type that is none', ['Content-Type: json', 'Content-Length: 0']],
      ['a length of 0', ['Content-Length: 0']],
      ['a media type and an encoding', [JSON_TYPE, 'Content-Encoding: gzip', 'Content-Length: 0']],
    ])('cancels the job, with %s', async (_, headers) => {
      const id = await print();
      expect(await send(`DELETE ${statusPath(id)}`, headers)).toMatchObject({ status: 204, body: '' });
      expect(await statusOf(id)).toBe('CANCELLED');
    });

    it('cancels the job, with chunks of nothing', async () => {
      const id = await print();
      const chunked = [JSON_TYPE, 'Transfer-Encoding: chunked'];
      expect((await send(`DELETE ${statusPath(id)}`, chunked, '0\r\n\r\n')).status).toBe(204);
      expect(await statusOf(id)).toBe('CANCELLED');
    });

    it.each(['{}', 'null', '""'])('is no other than one with a body that says nothing: %j', async (body) => {
      const id = await print();
      const headers = [JSON_TYPE, `Content-Length: ${body.length}`];
      expect((await send(`DELETE ${statusPath(id)}`, headers, body)).status).toBe(204);
    });
  });

  it('reads alike, with the media type of a body that is not there', async () => {
    for (const gateway of [0, 1])
      for (const headers of [[JSON_TYPE], [JSON_TYPE, 'Content-Length: 0']])
        expect((await send(`GET ${fixtures.counts}`, headers, '', gateway)).status).toBe(200);
  });

  describe('text', () => {
    const withTrack = (text: Buffer) =>
      Buffer.concat([Buffer.from('{"magstripe":{"front":{"track1":"'), text, Buffer.from('"}}}')]);
    const withMessage = (text: Buffer) => {
      const image = `{"print":{"front":[{"data":"${base64(png())}"}]},"exceptionSlotMessage":"`;
      return Buffer.concat([Buffer.from(image), text, Buffer.from('"}')]);
    };

    it.each([
      ['Latin-1', Buffer.from('Zoë Müller', 'latin1')],
      ['UTF-8 that is cut', Buffer.from('Zoë').subarray(0, 3)],
      ['UTF-8 that is longer than it must be', Buffer.from([0xc0, 0xaf])],
      ['half a letter, as UTF-8 does not allow it', Buffer.from([0xed, 0xa0, 0x80])],
      ['half a letter, escaped', Buffer.from('\\ud83d')],
      ['a NUL, escaped', Buffer.from('a\\u0000b')],
      ['a NUL as it is', Buffer.from('a\0b')],
    ])('in %s prints nothing', async (_, text) => {
      const before = await env.emulator.callsOf('print');
      for (const body of [withTrack(text), withMessage(text)]) expect((await post(body)).status).toBe(400);
      expect(await env.emulator.callsOf('print')).toBe(before);
    });

    it.each(['UTF-16LE', 'iso-8859-1', '"windows-1252"'])('that calls itself %s is 415', async (charset) => {
      const body = withMessage(Buffer.from('Müller', 'latin1'));
      const type = [`Content-Type: application/json; charset=${charset}`];
      const headers = [...type, `Content-Length: ${body.length}`];
      expect((await send(`POST ${printPath()}`, headers, body)).status).toBe(415);
    });
  });

  describe('a compressed body', () => {
    const text = Buffer.from(JSON.stringify(printRequest()));

    it.each([
      ['gzip', gzipSync(text)],
      ['x-gzip', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['br', brotliCompressSync(text)],
      ['zstd', text],
      ['identity, gzip', gzipSync(text)],
      ['gzip', text],
    ])('in %s is refused, with what would be taken', async (encoding, body) => {
      const before = await env.emulator.callsOf('print');
      const { status, head } = await post(body, [`Content-Encoding: ${encoding}`]);
      expect([status, /^accept-encoding: (.*)$/im.exec(head)?.[1]?.trim()]).toEqual([415, 'identity']);
      expect(await env.emulator.callsOf('print')).toBe(before);
    });

    it('that does not say so is refused', async () => {
      expect((await post(gzipSync(text))).status).toBe(400);
    });

    it.each(['identity', 'Identity', ''])('is none that is encoded as %j', async (encoding) => {
      expect((await post(text, [`Content-Encoding: ${encoding}`])).status).toBe(200);
    });
  });

  it('is refused wherever the gateway says that it is stricter than the vendor’s document', async () => {
    const { STRICTER } = (await import(resolve('dist/apps/openapi/src/stricter.js'))) as Stricter;
    for (const { at, refused } of STRICTER.filter((each) => each.refused !== undefined)) {
      const { status, body } = await post((refused ?? '').replaceAll('…', base64(png())));
      expect([at, status]).toEqual([at, 400]);
      const member = /^[a-z]+/i.exec(at)?.[0] ?? '';
      if (member !== 'body') expect(body).toContain(`"path":"${member}`);
    }
  });

  describe('an image', () => {
    const image = base64(png(40, 40));
    /** So long that it stays bytes. */
    const large = base64(noisePng(90, 90));
    const lines = (text: string, end: string) => text.replaceAll(/.{76}/g, `$&${end}`);

    it.each([
      ['with a parameter', (text: string) => `data:image/png;charset=utf-8;base64,${text}`],
      ['with its name', (text: string) => `data:image/png;name=badge%20front.png;base64,${text}`],
      ['with a quoted name', (text: string) => `data:image/png;name=%22a%20b.png%22;base64,${text}`],
      [
        'with several',
        (text: string) => `data:image/png;name=${'x'.repeat(100)};v=1;charset=x;base64,${text}`,
      ],
      ['without a type', (text: string) => `data:;base64,${text}`],
      ['as in the vendor’s example', (text: string) => `data:image/png;${text}`],
      ['in lines of 76, as MIME has them', (text: string) => lines(text, '\r\n')],
      ['in lines of 76 behind a type', (text: string) => `data:image/png;base64,${lines(text, '\n')}`],
      ['with a line end behind it', (text: string) => `${text}\n`],
    ])('is printed %s, the same bytes of it', async (_, form) => {
      for (const digits of [image, large]) {
        const answer = await post(JSON.stringify({ print: { front: [{ data: form(digits) }] } }));
        expect([answer.status, answer.body]).toEqual([200, expect.any(String)]);
      }
    });

    it.each([
      ['with spaces', (text: string) => text.replace(/.{9}/, '$& ')],
      ['percent-encoded', (text: string) => `data:image/png;base64,${encodeURIComponent(`${text}+`)}`],
      ['that is not base64', () => 'data:image/png,%89PNG'],
      ['with a parameter that is none', (text: string) => `data:image/png;a b;base64,${text}`],
      ['with line ends as they are', (text: string) => lines(text, '\n')],
    ])('is refused %s, and told what would be right', async (name, form) => {
      for (const digits of [image, large]) {
        const json = JSON.stringify({ print: { front: [{ data: form(digits) }] } });
        const answer = await post(name.includes('as they are') ? json.replaceAll('\\n', '\n') : json);
        expect([answer.status, answer.body]).toEqual([400, expect.stringMatching(/base64|not valid JSON/)]);
      }
    });
  });

  it('HEAD of an event stream ends', async () => {
    const id = await print();
    const path = `/api/gateway/v1/jobs/${id}/events`;
    const { status, head, body } = await send(`HEAD ${path}`, []);
    expect([status, body]).toEqual([200, '']);
    expect(head).toMatch(/^content-type: text\/event-stream/im);
    expect((await send(`HEAD /api/gateway/v1/jobs/${fixtures.unknownId}/events`, [])).status).toBe(404);
    await eventually(async () =>
      expect(await env.gateway(0).metrics()).toMatch(/^print_gateway_event_streams 0$/m),
    );
  });

  describe('Prefer', () => {
    const applied = ({ head }: Answer) => /^preference-applied: (.*)$/im.exec(head)?.[1]?.trim();

    it('may stand in two lines, and says that it was followed when it was', async () => {
      const id = await print();
      const etag = (await env.as('olga').get(statusPath(id))).headers.etag as string;
      const known = `If-None-Match: ${etag}`;
      const waited = await send(`GET ${statusPath(id)}`, [known, 'Prefer: respond-async', 'Prefer: wait=1']);
      expect([waited.status, applied(waited)]).toEqual([304, 'wait=1']);
      for (const headers of [
        ['Prefer: wait=60'],
        [known, 'Prefer: foo; wait=60'],
        [known, 'Prefer: foo="a, wait=60"'],
        [known, 'Prefer: wait=0, wait=60'],
        [known, 'Prefer: wait=x'],
        [known, 'Prefer: wait'],
      ]) {
        const answer = await send(`GET ${statusPath(id)}`, headers);
        expect([headers, answer.status < 400, applied(answer)]).toEqual([headers, true, undefined]);
      }
    });
  });

  describe('OPTIONS', () => {
    it('without an origin tells what a path takes, and needs no token', async () => {
      const answer = await env.anyone.options(statusPath(fixtures.unknownId));
      expect([answer.status, answer.headers.allow]).toEqual([204, 'DELETE, GET, HEAD, OPTIONS, PATCH']);
      expect((await env.anyone.options('/api/web/v1/users')).status).toBe(404);
      const asked = await env.anyone.options(fixtures.counts, { origin: PAGE });
      expect([asked.status, asked.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
    });

    it('asks for the whole server too', async () => {
      const { status, head } = await send('OPTIONS *', []);
      expect(status).toBe(204);
      expect(head).toMatch(/^allow: DELETE, GET, HEAD, OPTIONS, PATCH, POST\r?$/im);
      expect((await send('GET *', [])).status).toBe(400);
    });
  });
});
