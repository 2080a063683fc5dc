import supertest from 'supertest';

type Method = 'get' | 'post' | 'patch' | 'delete';

/** Requests that carry this access token. */
export function requestsTo(url: string, token: string | Promise<string>) {
  const send = async (method: Method, path: string, body?: object, headers: Record<string, string> = {}) => {
    const request = supertest(url)[method](path);
    void request.set({ ...headers, authorization: `Bearer ${await token}` });
    return body === undefined ? request : request.send(body);
  };
  return {
    get: (path: string, headers?: Record<string, string>) => send('get', path, undefined, headers),
    post: (path: string, body?: object, headers?: Record<string, string>) =>
      send('post', path, body, headers),
    patch: (path: string, body?: object, headers?: Record<string, string>) =>
      send('patch', path, body, headers),
    delete: (path: string, headers?: Record<string, string>) => send('delete', path, undefined, headers),
  };
}
