import { once } from 'node:events';
import { request as open, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

type Headers = Readonly<Record<string, string>>;
/** An object is sent as JSON, anything else as it is. */
type Body = object | string | Buffer;

/** What came back, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What its JSON says, which each test knows; an empty object where it is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as `JSON.parse` has it
  readonly body: any;
}

/** Requests that carry this access token, or none. */
export function requestsTo(url: string, token?: string | Promise<string>) {
  const send = async (method: string, path: string, headers: Headers = {}, body?: Body): Promise<Answer> => {
    const authorization = token === undefined ? undefined : `Bearer ${await token}`;
    const all = { ...headers, ...(authorization !== undefined && { authorization }) };
    return exchange(method, new URL(url + path), all, body);
  };
  return {
    get: (path: string, headers?: Headers) => send('GET', path, headers),
    post: (path: string, body?: Body, headers?: Headers) => send('POST', path, headers, body),
    patch: (path: string, body?: Body, headers?: Headers) => send('PATCH', path, headers, body),
    put: (path: string, body?: Body, headers?: Headers) => send('PUT', path, headers, body),
    delete: (path: string, headers?: Headers) => send('DELETE', path, headers),
    options: (path: string, headers?: Headers) => send('OPTIONS', path, headers),
  };
}

/** Not `fetch`, which neither sends all that a test may want to send nor says each header as it came. */
async function exchange(method: string, url: URL, headers: Headers, body: Body | undefined): Promise<Answer> {
  const isText = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const request = open(url, {
    method,
    headers: { ...(!isText && { 'content-type': 'application/json' }), ...headers },
  });
  // Whoever is answered before all of it was sent need not send the rest.
  request.on('error', () => {}).end(isText ? body : JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const text = await textOf(response);
  return {
    status: response.statusCode as number,
    headers: response.headers as Record<string, string>,
    text,
    body: isJson(response) && text !== '' ? JSON.parse(text) : {},
  };
}

const isJson = ({ headers }: IncomingMessage) => /[/+]json\b/.test(headers['content-type'] ?? '');
