import { readFileSync } from 'node:fs';
import { request } from 'undici';
import { TestEnvironment } from '../support/test-environment.js';
import { PrivateCache } from '../support/private-cache.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

interface Document {
  readonly paths: Record<string, Record<string, unknown>>;
}

const PRINTED = { smartcard: {} };
const EVENT_STREAM = 'text/event-stream';

describe('a cache that two people share, such as a browser’s', () => {
  let env: TestEnvironment;
  let job: string;
  let running: string;
  const browser = new PrivateCache();
  beforeAll(async () => {
    env = await TestEnvironment.open();
    const print = async () =>
      (await env.as('olga').post(printPath(), printRequest(PRINTED))).body.printStatus.id as string;
    job = await print();
    await env.as('olga').delete(statusPath(job));
    running = await print();
  });
  afterAll(async () => {
    await env.close();
  });

  const browse = (path: string, authorization: string, mode?: 'forced') =>
    browser.get(env.gatewayUrl + path, { authorization }, mode);
  const bearer = async (who: string) => `Bearer ${await env.tokenOf(who)}`;

  it.each<[string, () => string, string, string[]]>([
    ['a finished job', () => statusPath(job), 'olga', ['otto', 'victor', 'nobody']],
    ['a running job', () => statusPath(running), 'olga', ['otto', 'nobody']],
    ['the counts', () => fixtures.counts, 'sonja', ['nobody']],
    ['what they may do', () => '/api/gateway/v1/me', 'olga', []],
  ])('gives %s to nobody who would not get it themselves', async (_, path, who, others) => {
    const first = await browse(path(), await bearer(who));
    expect(first.status).toBe(200);
    for (const other of others) {
      const answer = await browse(path(), await bearer(other));
      expect((await browse(path(), await bearer(other), 'forced')).status).toBe(answer.status);
      expect(answer.status).toBe((await env.as(other).get(path())).status);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    const garbage = await browse(path(), 'Bearer a.b.c');
    expect(garbage.status).toBe(401);
    expect((await browse(path(), await bearer(who))).text).toBe(first.text);
  });

  /** Every operation of the document, and who asks: what there is, what there is not, and what is refused. */
  const operations = Object.entries(
    (JSON.parse(readFileSync('openapi.json', 'utf8')) as Document).paths,
  ).flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path] as const));
  const askers = ['anna', 'olga', 'otto', 'nobody', undefined] as const;

  it.each(operations)('must ask again before it uses an answer to %s %s', async (method, path) => {
    const controls = new Set<string>();
    for (const who of askers)
      for (const [, control] of await answersTo(method, path, who)) controls.add(control);
    expect([...controls].filter((each) => !/^(?:private, )?(?:no-cache|no-store)$/.test(each))).toEqual([]);
  });

  it.each(['/nowhere', '/api/web/v1/printers/%ff', `/api/web/v1/printcounts/`])(
    'must ask again for %s',
    async (path) => {
      const { headers, statusCode, body } = await request(env.gatewayUrl + path);
      await body.dump();
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(headers['cache-control']).toBe('no-store');
    },
  );

  it.each(['/openapi.json', '/docs', '/docs/swagger-ui.css'])(
    'may keep %s, which is the same for everybody',
    async (path) => {
      const { headers, statusCode, body } = await request(env.gatewayUrl + path);
      await body.dump();
      expect(statusCode).toBe(200);
      expect(headers['cache-control']).toMatch(/^public/);
    },
  );

  /** Sends it with what there is and with what there is not; answers what each was told. */
  async function answersTo(method: string, pattern: string, who: string | undefined) {
    const ids = [running, job, fixtures.unknownId, 'x'];
    const paths = new Set(
      ids.map((id) =>
        pattern
          .replace('{printStatusId}', id)
          .replace('{printerId}', id === running ? fixtures.printer : id)
          .replace('{id}', id),
      ),
    );
    const told: [number, string][] = [];
    for (const path of paths) {
      const abort = new AbortController();
      const response = await request(env.gatewayUrl + path, {
        method: method,
        headers: {
          ...(who && { authorization: await bearer(who) }),
          ...(['POST', 'PATCH'].includes(method) && { 'content-type': 'application/json' }),
        },
        body: ['POST', 'PATCH'].includes(method)
          ? JSON.stringify(method === 'POST' ? printRequest(PRINTED) : PRINTED)
          : null,
        signal: abort.signal,
      });
      const { 'cache-control': control, etag, 'content-type': type } = response.headers;
      if (type === EVENT_STREAM) abort.abort();
      else await response.body.dump();
      if (String(control).includes('no-cache')) expect(etag).toBeDefined();
      told.push([response.statusCode, String(control)]);
    }
    return told;
  }
});
