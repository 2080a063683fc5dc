import type { RequestContext } from '#libs/telemetry';
import type { Deadline } from './deadline.js';
import type { OutgoingBody } from './outgoing-body.js';

/** One request to the upstream. */
export interface UpstreamRequest {
  /** The vendor's operationId; names the operation in logs and metrics. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Built from parsed ids, never from input. */
  readonly path: string;
  readonly body?: string | OutgoingBody;
  /** In all, with whatever is tried again. */
  readonly timeoutMs: number;
  readonly authToken?: string;
  /** Of the caller's request that causes it; undefined for what the gateway asks for itself. */
  readonly context?: RequestContext | undefined;
  /** Set by the deadline layer. */
  readonly deadline?: Deadline;
}

export interface UpstreamResponse {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
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
