import type { Readable } from 'node:stream';
import { Pool, type Dispatcher } from 'undici';
import { traceparentFrom } from '#libs/telemetry';
import { OutgoingBody } from './outgoing-body.js';
import type { Send, UpstreamRequest } from './send.js';
import { StreamedResponse } from './streamed-response.js';
import { WholeResponse } from './whole-response.js';

export interface HttpOptions {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly maxResponseBytes: number;
  /** Where the upstream is now; asked at every request, so that changed credentials take effect. */
  readonly baseUrl: () => string;
}

/** The bottom of the stack: one HTTP request over a pool of kept connections. */
export class HttpTransport {
  private pool: { baseUrl: string; prefix: string; pool: Pool } | undefined;

  constructor(private readonly options: HttpOptions) {}

  readonly send: Send = (request) =>
    new Promise((resolve, reject) => {
      request.deadline?.requireTime();
      const { pool, prefix } = this.currentPool();
      const { maxResponseBytes } = this.options;
      const handler = request.bodyReader
        ? new StreamedResponse(request.bodyReader(), maxResponseBytes, request.deadline, resolve, reject)
        : new WholeResponse(maxResponseBytes, request.deadline, resolve, reject);
      pool.dispatch(asHttp(request, prefix), handler);
    });

  async close(): Promise<void> {
    await this.pool?.pool.destroy();
  }

  private currentPool() {
    const baseUrl = this.options.baseUrl();
    if (this.pool?.baseUrl !== baseUrl) {
      void this.pool?.pool.close();
      this.pool = this.openPool(baseUrl);
    }
    return this.pool;
  }

  private openPool(baseUrl: string) {
    const { origin, pathname } = new URL(baseUrl);
    const { connections, connectTimeoutMs } = this.options;
    const pool = new Pool(origin, { connections, pipelining: 1, connect: { timeout: connectTimeoutMs } });
    return { baseUrl, prefix: pathname.replace(/\/$/, ''), pool };
  }
}

function asHttp(request: UpstreamRequest, prefix: string): Dispatcher.DispatchOptions {
  const body = request.body instanceof OutgoingBody ? request.body.content : request.body;
  const headers: Record<string, string> = { accept: 'application/json' };
  const traceparent = traceparentFrom(request.context);
  if (traceparent !== undefined) headers.traceparent = traceparent;
  if (request.authToken !== undefined) headers.authorization = `Bearer ${request.authToken}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (body instanceof OutgoingBody) headers['content-length'] = String(body.length);
  return {
    method: request.method,
    path: prefix + request.path,
    headers,
    // undici takes any iterable; its types name streams only.
    body: (body as Uint8Array | string | Readable | undefined) ?? null,
    headersTimeout: request.idleTimeoutMs ?? request.timeoutMs,
    bodyTimeout: request.idleTimeoutMs ?? request.timeoutMs,
  };
}
