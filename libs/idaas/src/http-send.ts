import type { Readable } from 'node:stream';
import { errors, Pool, type Dispatcher } from 'undici';
import { traceparentFrom } from '#libs/telemetry';
import { UpstreamNonsense, UpstreamTimedOut, UpstreamUnreachable } from './idaas.problems.js';
import { OutgoingBody } from './outgoing-body.js';
import type { Send, UpstreamRequest, UpstreamResponse } from './send.js';
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

  readonly send: Send = async (request) => {
    const { signal } = request;
    try {
      signal?.throwIfAborted();
      return await this.dispatch(request);
    } catch (error) {
      throw asProblem(error, signal);
    }
  };

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

  private async dispatch(request: UpstreamRequest): Promise<UpstreamResponse> {
    const { pool, prefix } = this.currentPool();
    const { body, signal } = request;
    const outgoing = typeof body === 'object' ? OutgoingBody.of(body) : body;
    try {
      return await new Promise((resolve, reject) => {
        const handler = new WholeResponse(this.options.maxResponseBytes, signal, resolve, reject);
        pool.dispatch(asHttp(request, prefix, outgoing), handler);
      });
    } finally {
      if (outgoing instanceof OutgoingBody) outgoing.end();
    }
  }
}

function asHttp(
  request: UpstreamRequest,
  prefix: string,
  body: OutgoingBody | Uint8Array | string | undefined,
): Dispatcher.DispatchOptions {
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
    headersTimeout: request.timeoutMs,
    bodyTimeout: request.timeoutMs,
  };
}

/** Failures that happen before a byte of the request is written: nothing can have been done upstream. */
const NOT_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'],
]);

function asProblem(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof UpstreamNonsense) return error;
  if (signal?.aborted && signal.reason instanceof UpstreamTimedOut) return signal.reason;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new UpstreamTimedOut(error);
  }
  return new UpstreamUnreachable(!NOT_SENT.has(codeOf(error)), error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
