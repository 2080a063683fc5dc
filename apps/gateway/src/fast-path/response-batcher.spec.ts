import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { CacheEntry, type CachedResponse } from '#libs/cache';
import { ProblemFilter, ResourceNotFound } from '#libs/problem';
import type { RequestContext } from '#libs/telemetry';
import type { AccessLog } from '../server/request/access-log.js';
import { ResponseHeaders } from '../server/response/common-headers.js';
import { Cors } from '../server/response/cors.js';
import { CALLER_GONE, type AnsweredRequest } from '../server/request/request-line.js';
import { PendingResponse, ResponseBatcher } from './response-batcher.js';

const PAGE = 'https://cards.example.com';
const lifetime = { freshMs: 60_000, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };

describe('ResponseBatcher', () => {
  let happened: string[];
  let logged: AnsweredRequest[];
  let batcher: ResponseBatcher;
  beforeEach(() => {
    [happened, logged] = [[], []];
    const cors = new Cors(() => policy);
    const accessLog = {
      note: (answered: AnsweredRequest) => {
        happened.push(`log ${answered.id}`);
        logged.push(answered);
      },
    } as unknown as AccessLog;
    const headers = new ResponseHeaders({ vary: 'Origin, Authorization', 'x-always': '1' }, cors);
    batcher = new ResponseBatcher(headers, new ProblemFilter(), accessLog);
  });
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  const policy = { origins: [PAGE], headers: [] };

  interface Sent {
    status?: number;
    headers?: Record<string, string>;
    text?: string | undefined;
  }

  const pendingOf = (id: string, headers: Record<string, string> = {}, destroyed = false) => {
    const sent: Sent = {};
    const response = {
      destroyed,
      writeHead(status: number, lines: string[]) {
        happened.push(`send ${id}`);
        sent.status = status;
        sent.headers = Object.fromEntries(
          Array.from({ length: lines.length / 2 }, (_, at) => [lines[2 * at], lines[2 * at + 1]]),
        ) as Record<string, string>;
        expect(Object.keys(sent.headers)).toHaveLength(lines.length / 2);
        return { end: (text: string | undefined) => (sent.text = text) };
      },
    } as unknown as ServerResponse;
    const request = {
      url: '/polled',
      headers: { ...headers, 'x-request-id': id },
    } as unknown as IncomingMessage;
    return { sent, pending: new PendingResponse(request, response, '/:polled', {} as RequestContext) };
  };
  const answer = (text = '{"status":"COMPLETED"}'): CachedResponse => ({
    entry: new CacheEntry(text, Date.now(), lifetime) as CachedResponse['entry'],
    outcome: 'hit',
  });
  const flushed = () => new Promise(setImmediate);

  it('sends all responses of a turn of the event loop behind one another, then logs them', async () => {
    for (const id of ['a', 'b', 'c']) batcher.add(pendingOf(id).pending, answer());
    expect(happened).toEqual([]);
    await flushed();
    expect(happened).toEqual(['send a', 'send b', 'send c', 'log a', 'log b', 'log c']);
    batcher.add(pendingOf('d').pending, answer());
    await flushed();
    expect(happened.slice(6)).toEqual(['send d', 'log d']);
  });

  it('sends each its own answer, however many leave together', async () => {
    const all = Array.from({ length: 20 }, (_, index) => ({ index, ...pendingOf(`r-${index}`) }));
    for (const { index, pending } of all) batcher.add(pending, answer(`{"job":${index}}`));
    await flushed();
    for (const { index, sent } of all)
      expect([sent.text, sent.headers?.['x-request-id']]).toEqual([`{"job":${index}}`, `r-${index}`]);
  });

  it('sends what goes with every answer, the answer, and how many bytes it has', async () => {
    const { sent, pending } = pendingOf('a');
    batcher.add(pending, answer('{"name":"é"}'));
    await flushed();
    expect(sent).toMatchObject({
      status: 200,
      text: '{"name":"é"}',
      headers: {
        vary: 'Origin, Authorization',
        'x-always': '1',
        'x-request-id': 'a',
        'content-type': 'application/json; charset=utf-8',
        'content-length': '13',
        'cache-control': 'private, no-cache',
      },
    });
    expect(logged[0]).toMatchObject({ id: 'a', method: 'GET', route: '/:polled', status: 200 });
    expect(logged[0]?.cache).toMatch(/^print-gateway; hit/);
  });

  it('sends 304 without a text to who has the answer', async () => {
    const known = answer();
    const { sent, pending } = pendingOf('a', { 'if-none-match': known.entry.etag });
    batcher.add(pending, known);
    await flushed();
    expect(sent).toMatchObject({ status: 304, text: undefined });
    expect(Object.keys(sent.headers ?? {})).not.toContain('content-length');
  });

  it.each<[string, string | undefined]>([
    [PAGE, PAGE],
    [`${PAGE}.evil.example`, undefined],
    ['null', undefined],
    ['__proto__', undefined],
  ])('lets a page of %s read the answer, or not: %s', async (origin, allowed) => {
    for (const settle of [
      (pending: PendingResponse) => batcher.add(pending, answer()),
      (pending: PendingResponse) => batcher.refuse(pending, new ResourceNotFound()),
    ]) {
      const { sent, pending } = pendingOf('a', { origin });
      settle(pending);
      await flushed();
      expect(sent.headers?.['access-control-allow-origin']).toBe(allowed);
      expect(sent.headers?.['access-control-expose-headers'] !== undefined).toBe(allowed !== undefined);
      expect(sent.headers?.vary).toBe('Origin, Authorization');
    }
  });

  it('follows the policy of now', async () => {
    const before = policy.origins;
    const of = async () => {
      const { sent, pending } = pendingOf('a', { origin: 'https://new.example' });
      batcher.add(pending, answer());
      await flushed();
      return sent.headers?.['access-control-allow-origin'];
    };
    const current = { origins: [...before], headers: [] };
    batcher = new ResponseBatcher(
      new ResponseHeaders(
        {},
        new Cors(() => (isNew ? { ...current, origins: ['https://new.example'] } : current)),
      ),
      new ProblemFilter(),
      { note: () => {} } as unknown as AccessLog,
    );
    let isNew = false;
    expect(await of()).toBeUndefined();
    isNew = true;
    expect(await of()).toBe('https://new.example');
  });

  it('answers what was promised when it comes, and a fault as a problem', async () => {
    const [one, other] = [pendingOf('a'), pendingOf('b')];
    batcher.add(one.pending, Promise.resolve(answer()));
    batcher.add(other.pending, Promise.reject(new ResourceNotFound()));
    await flushed();
    await flushed();
    expect([one.sent.status, other.sent.status]).toEqual([200, 404]);
    expect(JSON.parse(other.sent.text ?? '')).toMatchObject({ instance: '/polled', requestId: 'b' });
    expect(other.sent.headers?.['cache-control']).toBe('no-store');
    expect(logged.map(({ status }) => status)).toEqual([200, 404]);
  });

  it('answers 500 for a fault that is no problem, and tells nothing of it', async () => {
    const { sent, pending } = pendingOf('a');
    batcher.refuse(pending, new TypeError('at /srv/secret.ts'));
    await flushed();
    expect(sent.status).toBe(500);
    expect(sent.text).not.toContain('secret');
  });

  it('logs whose caller had gone before the answer left', async () => {
    batcher.add(pendingOf('a', {}, true).pending, answer());
    await flushed();
    expect(logged[0]).toMatchObject({ status: CALLER_GONE, answer: 200 });
  });
});
