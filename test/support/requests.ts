import supertest from 'supertest';

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete' | 'options';
type Headers = Readonly<Record<string, string>>;
/** An object is sent as JSON, anything else as it is. */
type Body = object | string | Buffer;

/** What came back, whatever its status. */
export type Answer = supertest.Response;

/** Requests that carry this access token, or none. */
export function requestsTo(url: string, token?: string | Promise<string>) {
  const send = async (method: Method, path: string, headers: Headers = {}, body?: Body): Promise<Answer> => {
    const authorization = token === undefined ? undefined : `Bearer ${await token}`;
    const all = { ...headers, ...(authorization !== undefined && { authorization }) };
    return exchange(method, new URL(url + path), all, body);
  };
  return {
    get: (path: string, headers?: Headers) => send('get', path, headers),
    post: (path: string, body?: Body, headers?: Headers) => send('post', path, headers, body),
    patch: (path: string, body?: Body, headers?: Headers) => send('patch', path, headers, body),
    put: (path: string, body?: Body, headers?: Headers) => send('put', path, headers, body),
    delete: (path: string, headers?: Headers) => send('delete', path, headers),
    options: (path: string, headers?: Headers) => send('options', path, headers),
  };
}

async function exchange(method: Method, url: URL, headers: Headers, body: Body | undefined): Promise<Answer> {
  const client = supertest(url.origin);
  const request = client[method](url.pathname + url.search)
    .set(headers)
    .buffer(true)
    .serialize((sent: unknown) => (Buffer.isBuffer(sent) ? sent : JSON.stringify(sent)) as string);
  return body === undefined ? request : request.send(body);
}
