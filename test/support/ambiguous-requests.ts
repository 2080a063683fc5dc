import { printPath, fixtures } from './fixtures.js';

/** A request of which two readers could make different ones, and one that hides in it. */
export interface AmbiguousRequest {
  readonly name: string;
  readonly bytes: string;
}

const CRLF = '\r\n';
const CHUNKED = 'Transfer-Encoding: chunked';
const END = `0${CRLF}${CRLF}`;

/** The request that must never be seen as one. Its id would stand in the gateway's log. */
export const hiddenId = (index: number | string) => `hidden-${index}`;
const hidden = (token: string, index: number | string) =>
  [
    `GET ${fixtures.printers} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    `X-Request-Id: ${hiddenId(index)}`,
    '',
    '',
  ].join(CRLF);

/** Two requests one after the other, as RFC 9112 §9.3.2 allows: the hidden one is seen here. */
export const pipelined = (token: string): AmbiguousRequest => ({
  name: 'control',
  bytes: request(token, ['Content-Length: 2'], '{}') + hidden(token, 'control'),
});

function request(
  token: string,
  lines: readonly string[],
  body: string,
  start = `POST ${printPath()} HTTP/1.1`,
) {
  const head = [
    start,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...lines,
  ];
  return `${head.join(CRLF)}${CRLF}${CRLF}${body}`;
}

type Build = (token: string, hidden: string) => string;

/** The body ends at once by its chunks, and holds the hidden request by its length. */
const byLengthAnd =
  (...lines: string[]): Build =>
  (token, inside) =>
    request(token, [...lines, `Content-Length: ${END.length + inside.length}`], END + inside);

/** One chunk holds the hidden request; by its length the body ends before it. */
const byChunksAnd =
  (...lines: string[]): Build =>
  (token, inside) => {
    const size = inside.length.toString(16);
    return request(token, [CHUNKED, ...lines], `${size}${CRLF}${inside}${CRLF}${END}`);
  };

/** A body in chunks that are written wrongly, with the hidden request behind them. */
const behindChunks =
  (chunks: string): Build =>
  (token, inside) =>
    request(token, [CHUNKED], chunks + inside);

const withLines =
  (...lines: string[]): Build =>
  (token, inside) =>
    request(token, [...lines], inside);

/** Every way to write `Transfer-Encoding: chunked` so that some take it for that and some do not. */
const OBFUSCATED = [
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: \x00chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked;q=1',
  'Transfer-Encoding: "chunked"',
  'Transfer-Encoding: cHuNkEd',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding:\r\n chunked',
  ' Transfer-Encoding: chunked',
  'X-A: b\r\n Transfer-Encoding: chunked',
  'X-A: b\nTransfer-Encoding: chunked',
  'X-A: b\rTransfer-Encoding: chunked',
  'Transfer-Encoding\n: chunked',
  'Transfer_Encoding: chunked',
  'Transfer-Encoding\x00: chunked',
  '\x00Transfer-Encoding: chunked',
  'X: \x00Transfer-Encoding: chunked',
  ': chunked',
];

const LENGTHS = [
  '+5',
  '-1',
  '0x5',
  '5, 5',
  '5,6',
  '5 5',
  '5;',
  '"5"',
  '5\x00',
  '\x0b5',
  '5e0',
  '1_0',
  '',
  ' ',
  '05',
  '99999999999999999999',
];

const CHUNKS: Readonly<Record<string, string>> = {
  'a size in hexadecimal with 0x': `0x5${CRLF}{"a":${CRLF}${END}`,
  'a size with a sign': `+5${CRLF}{"a":${CRLF}${END}`,
  'a size behind a space': ` 5${CRLF}{"a":${CRLF}${END}`,
  'a size before a space': `5 ${CRLF}{"a":${CRLF}${END}`,
  'a size that overflows': `10000000000000005${CRLF}{"a":${CRLF}${END}`,
  'a size of nothing': `${CRLF}{}${CRLF}${END}`,
  'a size that ends with a bare LF': `2\n{}${CRLF}${END}`,
  'a size that ends with a bare CR': `2\r{}${CRLF}${END}`,
  'data that end with a bare LF': `2${CRLF}{}\n${END}`,
  'data that are longer than they say': `2${CRLF}{}xx${CRLF}${END}`,
  'an extension with a bare LF': `2;a\nxx${CRLF}{}${CRLF}${END}`,
  'an extension with a bare CR': `2;a\rxx${CRLF}{}${CRLF}${END}`,
  'an extension with a quote that does not end': `2;a="${CRLF}{}${CRLF}${END}`,
  'a last chunk with a bare LF': `2${CRLF}{}${CRLF}0\n\n`,
  'a trailer that is no header': `2${CRLF}{}${CRLF}0${CRLF}x y${CRLF}${CRLF}`,
};

const BUILDS: Readonly<Record<string, Build>> = {
  'CL.TE: a length and chunks': byLengthAnd(CHUNKED),
  'TE.CL: chunks and a length': byChunksAnd('Content-Length: 4'),
  ...Object.fromEntries(OBFUSCATED.map((line) => [`CL and ${JSON.stringify(line)}`, byLengthAnd(line)])),
  ...Object.fromEntries(
    OBFUSCATED.map((line) => [
      `TE and ${JSON.stringify(line)} and a length`,
      byChunksAnd(line, 'Content-Length: 4'),
    ]),
  ),
  ...Object.fromEntries(
    LENGTHS.map((text) => [`a length of ${JSON.stringify(text)}`, withLines(`Content-Length: ${text}`)]),
  ),
  'two lengths, the short one first': (token, inside) =>
    request(token, ['Content-Length: 2', `Content-Length: ${2 + inside.length}`], `{}${inside}`),
  'two lengths, the long one first': (token, inside) =>
    request(token, [`Content-Length: ${2 + inside.length}`, 'Content-Length: 2'], `{}${inside}`),
  ...Object.fromEntries(
    Object.entries(CHUNKS).map(([name, chunks]) => [`chunks with ${name}`, behindChunks(chunks)]),
  ),
  'a read with a body': (token, inside) =>
    request(token, [`Content-Length: ${inside.length}`], inside, `GET ${fixtures.counts} HTTP/1.1`),
  'a read with a body in chunks': (token, inside) =>
    request(
      token,
      [CHUNKED],
      `${inside.length.toString(16)}${CRLF}${inside}${CRLF}${END}`,
      `GET ${fixtures.counts} HTTP/1.1`,
    ),
  'a body before HTTP 1.1 in chunks': (token, inside) =>
    request(token, [CHUNKED], END + inside, `POST ${printPath()} HTTP/1.0`),
  'a body that is expected only after a 100': (token, inside) =>
    request(token, ['Expect: 100-continue', `Content-Length: ${inside.length}`], inside),
  'a length that Connection names': (token, inside) =>
    request(token, ['Connection: close, Content-Length', `Content-Length: ${inside.length}`], inside),
  'chunks that Connection names': (token, inside) =>
    request(
      token,
      ['Connection: Transfer-Encoding', CHUNKED],
      `${inside.length.toString(16)}${CRLF}${inside}${CRLF}${END}`,
    ),
  'an upgrade to h2c': (token, inside) =>
    request(
      token,
      [
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
        `Content-Length: ${inside.length}`,
      ],
      inside,
    ),
  'an upgrade to a web socket': (token, inside) =>
    request(
      token,
      [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        `Content-Length: ${inside.length}`,
      ],
      inside,
      `GET ${fixtures.counts} HTTP/1.1`,
    ),
  'a line end in the target': (token, inside) =>
    request(token, [`Content-Length: ${inside.length}`], inside, `POST /x\nHost: y HTTP/1.1`),
  'a head that a header value ends with bare LFs': (token, inside) =>
    request(token, ['X-A: b\n\n', `Content-Length: ${inside.length}`], inside),
};

/** Each hides a request under an id of its own. */
export function ambiguousRequests(token: string): readonly AmbiguousRequest[] {
  return Object.entries(BUILDS).map(([name, build], index) => ({
    name,
    bytes: build(token, hidden(token, index)),
  }));
}
