import fc from '../support/fuzz.js';
import { statusPath, fixtures } from '../support/fixtures.js';

/** The page of the policy, and one that it does not know. */
export const PAGE = 'https://cards.example.com';
export const ROLES = [
  'own-reader',
  'tenant-reader',
  'any-reader',
  'printer-reader',
  'counter',
  'printer-only',
];
const JOBS = ['own', 'colleague', 'stranger', 'elsewhere', 'never'] as const;
const TOKENS = ['known', 'unknown', 'expired', 'forged', 'foreign', 'malformed', 'none'] as const;
const SCHEMES = ['Bearer ', 'Bearer ', 'Bearer ', 'bearer  ', '', 'Token '];

/** One request, as it is generated; a test fills in the ids and tokens of its world. */
export interface Ask {
  readonly method: string;
  readonly job: (typeof JOBS)[number] | 'counts';
  readonly spell: (path: string) => string;
  readonly token: (typeof TOKENS)[number];
  readonly scheme: string;
  readonly roles: readonly string[];
  readonly headers: readonly string[];
  readonly etag: 'none' | 'its own' | 'another' | 'any';
}

const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => path.replace(/[^/]+$/, (id) => id.toUpperCase()),
  (path) => path.replace(/[a-f]/g, (letter, at: number) => (at % 2 ? letter.toUpperCase() : letter)),
  (path) => `${path}/`,
  (path) => `${path}?`,
  (path) => `${path}?a=b`,
  (path) => `${path}#x`,
  (path) => path.replace('/api', '//api'),
  (path) => path.replace('/web', '/./web'),
  (path) => path.replace('/web', '/%77eb'),
  (path) => path.replace(/.$/, '%61'),
  (path) => `${path};v=1`,
  (path) => `${path}%00`,
  (path) => path.slice(0, -1),
  (path) => path.replace('print', 'Print'),
  (path) => `http://gateway.test${path}`,
];

/** What a browser sends beside a page's own headers. */
const OF_BROWSERS = [
  ...['User-Agent: Mozilla/5.0 (X11; Linux x86_64)', 'Accept: application/json', `Referer: ${PAGE}/queue`],
  ...[
    'Accept-Language: de,en;q=0.9',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Sec-Fetch-Site: cross-site',
  ],
  ...['Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty', 'sec-ch-ua-mobile: ?0', 'Priority: u=1, i'],
];
const TRACES = ['00', '01'].map(
  (flags) => `traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`,
);
const ORIGINS = [
  PAGE,
  'https://elsewhere.example',
  `${PAGE}.evil.example`,
  'null',
  PAGE.toUpperCase(),
  '__proto__',
].map((origin) => `Origin: ${origin}`);
const HEADERS = [
  ...ORIGINS,
  ...['X-Request-Id: order-17', 'X-Request-Id: a"b', 'Prefer: wait=0', 'Cache-Control: no-cache'],
  ...[
    'If-Match: "other"',
    'If-Match: *',
    'Content-Type: application/json',
    'Prefer: wait=1\r\nPrefer: wait=0',
  ],
  ...['Accept: text/html', 'Content-Length: 0', 'Content-Length: 2', 'Transfer-Encoding: chunked'],
  ...['Expect: 100-continue', 'Expect: more', 'Range: bytes=0-1', 'Host: other.test', 'X-Print-Label: ü'],
  ...[...TRACES, 'traceparent: nonsense', 'tracestate: vendor=1', 'Authorization: Bearer x.y.z'],
  ...['Cache-Control: max-age=0', 'Pragma: no-cache', `Access-Control-Request-Method: GET`],
  ...[
    'X-HTTP-Method-Override: DELETE',
    'X-Forwarded-Host: evil.example',
    'Connection: keep-alive, authorization',
  ],
];

/** A page of one origin or another, in part with a trace of its own. */
const pages = fc
  .tuple(fc.constantFrom(...ORIGINS), fc.subarray(TRACES, { maxLength: 1 }))
  .map(([origin, trace]) => [...OF_BROWSERS, origin, ...trace]);

/** Nearly always a read as a page sends it, with one or two things that are different. */
export const asks: fc.Arbitrary<Ask> = fc.record({
  method: fc.oneof(
    { weight: 8, arbitrary: fc.constant('GET') },
    { weight: 1, arbitrary: fc.constantFrom('HEAD', 'POST', 'PUT', 'OPTIONS', 'TRACE', 'get', 'LINK') },
  ),
  job: fc.constantFrom(...JOBS, 'counts'),
  spell: fc.oneof(
    { weight: 3, arbitrary: fc.constant((path: string) => path) },
    { weight: 1, arbitrary: fc.constantFrom(...SPELLINGS) },
  ),
  token: fc.oneof<fc.MaybeWeightedArbitrary<Ask['token']>[]>(
    { weight: 3, arbitrary: fc.constant('known') },
    { weight: 2, arbitrary: fc.constantFrom(...TOKENS) },
  ),
  scheme: fc.constantFrom(...SCHEMES),
  roles: fc.subarray(ROLES, { minLength: 0, maxLength: 2 }),
  headers: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: pages },
    { weight: 3, arbitrary: fc.subarray(HEADERS, { minLength: 1, maxLength: 2 }) },
  ),
  etag: fc.constantFrom('none', 'none', 'its own', 'another', 'any'),
});

/** The path that is asked for, before it is spelled in another way. */
export function pathOf(ask: Ask, ids: ReadonlyMap<string, string>): string {
  return ask.job === 'counts' ? fixtures.counts : statusPath(ids.get(ask.job) ?? fixtures.unknownId);
}

/** The request as it goes over the wire. */
export function requestOf(
  ask: Ask,
  path: string,
  token: string | undefined,
  etag: string | undefined,
): string {
  const ifNoneMatch = { none: undefined, any: '*', another: '"another"', 'its own': etag }[ask.etag];
  const lines = [
    ...(token === undefined ? [] : [`Authorization: ${ask.scheme}${token}`]),
    ...(ifNoneMatch === undefined ? [] : [`If-None-Match: ${ifNoneMatch}`]),
    ...ask.headers,
  ];
  const chunked = lines.includes('Transfer-Encoding: chunked') ? '0\r\n\r\n' : '';
  const body = lines.includes('Content-Length: 2') ? '{}' : chunked;
  const start = [`${ask.method} ${ask.spell(path)} HTTP/1.1`, 'Host: gateway.test', 'Connection: close'];
  return [...start, ...lines, '', body].join('\r\n');
}

/** An answer without what must differ: its own id, the time, and how long ago it was fetched. */
export function comparable(answer: string, ask: Ask, ids: readonly string[]): unknown[] {
  return answer
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/gi, (id) =>
      ids.includes(id.toLowerCase()) ? id : 'its-own',
    )
    .replace(/^date: .*$/im, 'date')
    .replace(/^age: \d+/im, 'age')
    .replace(/^retry-after: \d+/im, 'retry-after')
    .replace(/^(ratelimit: .*;t=)\d+/im, '$1')
    .replace(/^cache-status: (.*)$/im, (_, status: string) =>
      ask.headers.includes('Cache-Control: no-cache') ? 'cache-status' : status.replace(/ttl=-?\d+/, 'ttl'),
    )
    .split('\r\n\r\n')
    .map((part, index) => (index === 0 ? part.toLowerCase().split('\r\n').sort() : part));
}
