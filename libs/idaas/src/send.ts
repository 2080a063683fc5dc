import type { RequestContext } from '#libs/telemetry';
import type { Deadline } from './deadline.js';

/** One request to the upstream. */
export interface UpstreamRequest {
  /** The vendor's operationId; names the operation in logs and metrics. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Built from parsed ids, never from input. */
  readonly path: string;
  /** In pieces, it is sent as they are, one behind the other: nobody may write to them any more. */
  readonly body?: string | readonly Uint8Array[];
  /** In all, with whatever is tried again. */
  readonly timeoutMs: number;
  /** How long the upstream may be silent; `timeoutMs` when left out. */
  readonly idleTimeoutMs?: number;
  /** Changes nothing although it is no GET (RFC 9110 §9.2.1): a search may be sent again like any read. */
  readonly isSafe?: true;
  /** Makes a reader for the body of a 200, one for each time the request is sent. The response then has no text. */
  readonly bodyReader?: () => BodyReader;
  readonly authToken?: string;
  /**
   * Awaited when the connection is open and all is ready for the first byte, which then leaves at once: until when it may, by
   * `performance.now()`. When it rejects, nothing is sent, and the call rejects with that.
   */
  readonly mark?: (() => Promise<number>) | undefined;
  /** After the upstream's 401 it is for the caller to find out whether it was done, before it is sent again. */
  readonly isResentByCaller?: boolean;
  /** Of the caller's request that causes it; undefined for what the gateway asks for itself. */
  readonly context?: RequestContext | undefined;
  /** Set by the deadline layer. */
  readonly deadline?: Deadline;
}

/** Takes a body while it arrives. */
export interface BodyReader {
  /** Throws a problem to break the response off. */
  push(chunk: Buffer): void;
}

export interface UpstreamResponse {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  /** When the upstream answered, by its own clock (RFC 9110 §6.6.1). */
  readonly date: string | undefined;
  readonly text: string;
}

/** Sends one request and answers with a whole response of any status; throws a problem when there is none. */
export type Send = (request: UpstreamRequest) => Promise<UpstreamResponse>;

/** Adds one behaviour to what is below it. */
export type Layer = (next: Send) => Send;

/** Statuses with which an infrastructure says that the upstream itself is away (RFC 9110 §15.6.3 ff.). */
export function saysUnavailable({ status }: UpstreamResponse): boolean {
  return status === 502 || status === 503 || status === 504;
}
