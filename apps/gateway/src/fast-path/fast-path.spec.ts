import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { CachedResponse } from '#libs/cache';
import { ResourceNotFound } from '#libs/problem';
import { Metrics, type RequestContext } from '#libs/telemetry';
import type { Admission } from '../admission/admission.js';
import type { RequestContexts } from '../server/request/request-contexts.js';
import type { FastPathRoutes } from './fast-path-routes.js';
import { FastPath } from './fast-path.js';
import type { PendingResponse, ResponseBatcher } from './response-batcher.js';

const PATH = '/polled';
const answer = { outcome: 'hit' } as CachedResponse;
const context = {} as RequestContext;

/** A request as Node's parser hands it over, with these header lines. */
function requestOf(lines: readonly (readonly [string, string])[], changes: object = {}): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of lines) headers[name.toLowerCase()] ??= value;
  return { method: 'GET', url: PATH, headers, rawHeaders: lines.flat(), ...changes } as IncomingMessage;
}

const HOST = ['Host', 'cards.example'] as const;
const PAGE = [
  HOST,
  ['Authorization', 'Bearer a.b.c'],
  ['Origin', 'https://cards.example.com'],
  ['Referer', 'https://cards.example.com/'],
  ['User-Agent', 'Mozilla/5.0'],
  ['Accept', 'application/json'],
  ['Accept-Language', 'de,en;q=0.9'],
  ['Accept-Encoding', 'gzip, deflate, br, zstd'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Sec-Fetch-Mode', 'cors'],
  ['Sec-Fetch-Dest', 'empty'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'],
  ['If-None-Match', '"x"'],
] as const;

describe('FastPath', () => {
  let metrics: Metrics;
  let admit: Admission['admit'];
  let read: (revalidate: boolean) => CachedResponse | Promise<CachedResponse>;
  let begun: (string | undefined)[];
  let seen: unknown[];
  beforeEach(() => {
    [metrics, seen, begun] = [new Metrics(), [], []];
    admit = (request) => void (request.caller = 'somebody' as never);
    read = () => answer;
  });

  /** What becomes of the request: `framework`, or what the batcher is told, at last. */
  const send = async (request: IncomingMessage): Promise<unknown> => {
    const routes = {
      at: (path: string) =>
        path === PATH
          ? {
              route: '/:polled',
              requires: undefined,
              answer: (caller: unknown, revalidate: boolean) => {
                seen.push(caller, revalidate);
                return read(revalidate);
              },
            }
          : undefined,
    } as FastPathRoutes;
    const fastPath = new FastPath(routes, { admit: (...of) => admit(...of) } as Admission, metrics);
    let settle: (what: unknown) => void = () => {};
    const settled = new Promise((resolve) => (settle = resolve));
    const batcher = {
      add: (pending: PendingResponse, given: CachedResponse | Promise<CachedResponse>) =>
        settle([pending.route, given]),
      refuse: (_: PendingResponse, fault: unknown) => settle(fault),
    } as unknown as ResponseBatcher;
    const contexts = {
      begin: (_: unknown, route: string | undefined, answerIn: (context: RequestContext) => void) => {
        begun.push(route);
        answerIn(context);
      },
    } as RequestContexts;
    const listener = fastPath.inFrontOf(() => settle('framework'), batcher, contexts);
    listener(request, new EventEmitter() as never);
    return settled;
  };
  const taken = async () => Number(/fast_path_requests_total (\d+)/.exec(await metrics.text())?.[1]);

  it('answers a read as a page sends it, and counts it', async () => {
    expect(await send(requestOf(PAGE))).toEqual(['/:polled', answer]);
    expect(seen).toEqual(['somebody', false]);
    expect(await taken()).toBe(1);
  });

  it.each([
    ['no-cache', true],
    ['no-store, No-Cache', true],
    ['max-age=0', false],
    ['x-no-cache-y', false],
  ])('reads anew for Cache-Control: %s as the framework does: %s', async (directive, revalidate) => {
    await send(requestOf([HOST, ['Cache-Control', directive]]));
    expect(seen).toEqual(['somebody', revalidate]);
  });

  it.each<[string, IncomingMessage]>([
    ['another method', requestOf([HOST], { method: 'HEAD' })],
    ['another path', requestOf([HOST], { url: '/other' })],
    ['a preference', requestOf([HOST, ['Prefer', 'wait=1']])],
    ['a condition that may fail', requestOf([HOST, ['If-Match', '*']])],
    ['a body', requestOf([HOST, ['Content-Length', '2']])],
    ['a body of no bytes', requestOf([HOST, ['Content-Length', '0']])],
    ['a body in chunks', requestOf([HOST, ['Transfer-Encoding', 'chunked']])],
    ['an expectation', requestOf([HOST, ['Expect', '100-continue']])],
    ['a header that stands twice', requestOf([HOST, ['Authorization', 'a'], ['authorization', 'b']])],
    ['too many headers', requestOf(Array.from({ length: 101 }, (_, index) => [`x-${index}`, '1'] as const))],
  ])('leaves a request with %s to the framework, and neither counts nor admits it', async (_, request) => {
    admit = () => {
      throw new Error('nobody asks');
    };
    expect(await send(request)).toBe('framework');
    expect(await taken()).toBe(0);
  });

  it('begins the context of what it answers, and of nothing else', async () => {
    await send(requestOf(PAGE));
    metrics = new Metrics();
    await send(requestOf([HOST], { url: '/other' }));
    expect(begun).toEqual(['/:polled']);
  });

  it('reads only after who must be asked about has been admitted', async () => {
    let isAdmitted = false;
    admit = (request) =>
      Promise.resolve().then(() => {
        isAdmitted = true;
        request.caller = 'somebody' as never;
      });
    read = () => {
      expect(isAdmitted).toBe(true);
      return answer;
    };
    const [route, given] = (await send(requestOf(PAGE))) as [string, Promise<CachedResponse>];
    expect([route, await given]).toEqual(['/:polled', answer]);
  });

  it.each<[string, () => void]>([
    ['is not admitted', () => (admit = () => fail())],
    ['asks for what may not be seen', () => (read = () => fail())],
  ])('refuses who %s with the same problem', async (_, arrange) => {
    arrange();
    expect(await send(requestOf(PAGE))).toBeInstanceOf(ResourceNotFound);
  });

  it('reads nothing for who is refused later', async () => {
    admit = () => Promise.reject(new ResourceNotFound());
    const [, given] = (await send(requestOf(PAGE))) as [string, Promise<CachedResponse>];
    await expect(given).rejects.toThrow(ResourceNotFound);
    expect(seen).toEqual([]);
  });
});

function fail(): never {
  throw new ResourceNotFound();
}
