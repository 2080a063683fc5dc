import type { Principal } from '#libs/auth';
import type { RequestContext, StreamedAnswer } from '#libs/telemetry';

/** One request and how it was answered, as the log and the metrics need it. */
export interface AnsweredRequest {
  readonly id: string;
  readonly method: string;
  /** The pattern, never the path: that would be another one for each job. */
  readonly route: string;
  /** What it was answered with; `CALLER_GONE` where its caller went before the answer had left. */
  readonly status: number;
  /** What it was answered with in vain, where that is known already. */
  readonly answer?: number | undefined;
  /** Undefined where nobody was found to be calling. */
  readonly principal: Principal | undefined;
  /** Its `Cache-Status`. */
  readonly cache: string | undefined;
  readonly context: RequestContext | undefined;
}

/** What nginx calls a request whose caller closed the connection before it was answered. */
export const CALLER_GONE = 499;

/** The members of a caller as JSON, worked out once per verified token. */
const callers = new WeakMap<Principal, string>();

/**
 * One request as a line of the log, as pino would write it at level `info`. It is put together here because there is one for
 * each request: what a caller chooses is turned into JSON once, all else is of our own making and needs no escaping.
 * No query and no body is ever in it, and of a caller's headers only a request id that is sound (`request-id.ts`), the address and the
 * beginning of the user agent (`request-clients.ts`).
 */
export function requestLine(request: AnsweredRequest, milliseconds: number): string {
  const { context, principal, cache, answer } = request;
  const traceId = context?.traceId;
  return (
    `{"level":30,"time":${Date.now()},"requestId":"${request.id}"` +
    (traceId === undefined ? '' : `,"traceId":"${traceId}"`) +
    `,"method":"${request.method}","route":"${request.route}","status":${request.status}` +
    (answer === undefined ? '' : `,"answer":${answer}`) +
    `,"durationMs":${toMicroseconds(milliseconds)}` +
    (principal === undefined ? '' : callerOf(principal)) +
    (cache === undefined ? '' : `,"cache":"${cache}"`) +
    (context === undefined ? '' : context.client.members + refusedFor(context) + causedBy(context)) +
    (context?.stream === undefined ? ',"msg":"request"}\n' : endOf(context.stream))
  );
}

function refusedFor({ problem }: RequestContext): string {
  if (problem === undefined) return '';
  const { kind, reason } = problem;
  return `,"problem":"${kind.name}"` + (reason === undefined ? '' : `,"reason":"${reason}"`);
}

function causedBy({ upstreamCalls, upstreamMs, waitedMs }: RequestContext): string {
  if (upstreamCalls + waitedMs === 0) return '';
  return (
    (upstreamCalls > 0
      ? `,"upstreamCalls":${upstreamCalls},"upstreamMs":${toMicroseconds(upstreamMs)}`
      : '') + (waitedMs > 0 ? `,"waitedMs":${toMicroseconds(waitedMs)}` : '')
  );
}

function endOf({ reason, events }: StreamedAnswer): string {
  return `,"reason":"${reason}","events":${events},"msg":"event stream"}\n`;
}

function callerOf(principal: Principal): string {
  let members = callers.get(principal);
  if (members === undefined) {
    const { issuer, subject } = principal;
    members = `,${JSON.stringify({ issuer, subject }).slice(1, -1)}`;
    callers.set(principal, members);
  }
  return members;
}

/** In milliseconds still, to the microsecond. */
function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
