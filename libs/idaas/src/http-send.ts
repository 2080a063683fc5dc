import type { Readable } from 'node:stream';
import { Pool, type buildConnector, type Dispatcher } from 'undici';
import { traceHeadersFrom } from '#libs/telemetry';
import { UpstreamUnreachable } from './idaas.problems.js';
import { ReadyConnections } from './ready-connections.js';
import type { Send, UpstreamRequest, UpstreamResponse } from './send.js';
import { StreamedResponse } from './streamed-response.js';
import { BufferedResponse } from './buffered-response.js';

/** A longer body is sent in the pieces that it came in. */
const MAX_COPIED_BYTES = 65_536;

export interface HttpOptions {
  readonly connections: number;
  /** Opens a connection to the upstream, directly or through a proxy. */
  readonly connect: buildConnector.connector;
  readonly maxResponseBytes: number;
  /** Where the upstream is now; asked at every request, so that changed credentials take effect. */
  readonly baseUrl: () => string;
  /** Counts milliseconds. */
  readonly now?: () => number;
}

/** Where the upstream is, and the connections to it. */
interface Upstream {
  readonly baseUrl: string;
  readonly prefix: string;
  readonly pool: Pool;
  readonly ready: ReadyConnections;
  /** Whether its answers can be told apart. */
  isTrusted: boolean;
}

/** The bottom of the stack: one HTTP request over kept connections. */
export class HttpTransport {
  private upstream: Upstream | undefined;

  constructor(private readonly options: HttpOptions) {}

  readonly send: Send = (request) => {
    const upstream = this.current();
    return request.method === 'GET' || request.isSafe
      ? this.exchange(upstream.pool, request, upstream.prefix)
      : this.sendOnce(upstream, request);
  };

  /** What is asked from now on goes over new connections. */
  renew(): void {
    void this.upstream?.pool.close();
    this.upstream?.ready.close();
    this.upstream = undefined;
  }

  /** The same; and what is being printed now has lost its answer: what comes over these connections may be the answer to another print. */
  distrust(): void {
    if (this.upstream) this.upstream.isTrusted = false;
    this.renew();
  }

  async close(): Promise<void> {
    this.upstream?.ready.close();
    await this.upstream?.pool.destroy();
  }

  /** What must not be sent again when its connection turns out to be closed: over one that is open, and nobody is about to close. */
  private async sendOnce(upstream: Upstream, request: UpstreamRequest) {
    const { ready, prefix } = upstream;
    request.deadline?.requireTime();
    const connection = await ready.take();
    try {
      request.deadline?.requireTime();
      const sendBeforeMs = await request.mark?.();
      const response = await this.exchange(connection.client, request, prefix, sendBeforeMs);
      if (upstream.isTrusted) return response;
      throw new UpstreamUnreachable(true, new Error('another print was answered with the job of a third'));
    } finally {
      ready.giveBack(connection);
    }
  }

  private exchange(
    over: Dispatcher,
    request: UpstreamRequest,
    prefix: string,
    sendBeforeMs = Infinity,
  ): Promise<UpstreamResponse> {
    return new Promise((resolve, reject) => {
      request.deadline?.requireTime();
      const { maxResponseBytes } = this.options;
      const handler = request.bodyReader
        ? new StreamedResponse(request.bodyReader(), maxResponseBytes, request.deadline, resolve, reject)
        : new BufferedResponse(maxResponseBytes, request.deadline, resolve, reject, sendBeforeMs);
      over.dispatch(asHttp(request, prefix), handler);
    });
  }

  private current(): Upstream {
    const baseUrl = this.options.baseUrl();
    if (this.upstream?.baseUrl !== baseUrl) this.renew();
    this.upstream ??= this.open(baseUrl);
    return this.upstream;
  }

  private open(baseUrl: string): Upstream {
    const { origin, pathname } = new URL(baseUrl);
    const { connections, connect, now = () => performance.now() } = this.options;
    const pool = new Pool(origin, { connections, pipelining: 1, connect });
    const ready = new ReadyConnections(origin, {
      connect,
      kept: connections,
      now,
    });
    return { baseUrl, prefix: pathname.replace(/\/$/, ''), pool, ready, isTrusted: true };
  }
}

function asHttp(request: UpstreamRequest, prefix: string): Dispatcher.DispatchOptions {
  const { body } = request;
  const headers: Record<string, string> = {
    accept: 'application/json',
    // Decoding takes longer than what it would save: answers are short.
    'accept-encoding': 'identity',
    ...traceHeadersFrom(request.context),
  };
  if (request.authToken !== undefined) headers.authorization = `Bearer ${request.authToken}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  return {
    method: request.method,
    path: prefix + request.path,
    headers,
    body: (typeof body === 'object' ? inPieces(body, headers) : body) ?? null,
    headersTimeout: request.idleTimeoutMs ?? request.timeoutMs,
    bodyTimeout: request.idleTimeoutMs ?? request.timeoutMs,
  };
}

/** A short body in one piece, for one write; the pieces of a long one are not copied. Of those undici cannot tell the length. */
function inPieces(pieces: readonly Uint8Array[], headers: Record<string, string>): Uint8Array | Readable {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  if (bytes < MAX_COPIED_BYTES) return Buffer.concat(pieces);
  headers['content-length'] = String(bytes);
  // It takes any iterable; its types name streams only.
  return pieces as unknown as Readable;
}
