import type { buildConnector } from 'undici';
import { readAuthToken, type AuthToken } from './auth-token.js';
import { authenticationWith } from './authentication.js';
import type { Credentials } from './credentials.js';
import type { HttpTransport } from './http-send.js';
import { parseHttpDate } from './http-date.js';
import type { IdaasConfig } from './idaas.config.js';
import { transportTo } from './idaas.stack.js';
import { JobPages, type JobPageLook, type PagesRefusal } from './job-pages.js';
import type { Send, UpstreamResponse } from './send.js';
import { WholeJobList } from './whole-job-list.js';
import { withDeadline } from './with-deadline.js';

/** How the upstream answered an authentication. */
export interface Authentication {
  readonly response: UpstreamResponse;
  /** Undefined where the answer has none. */
  readonly token: AuthToken | undefined;
  /** By how much the upstream's clock is ahead of this machine's, and how far that may be off; undefined where it does not say. */
  readonly clock: { readonly aheadMs: number; readonly uncertaintyMs: number } | undefined;
}

/**
 * Asks the upstream, over the gateway's own transport, what somebody must know who looks whether an installation is sound. Nothing it
 * sends could print, change or cancel anything: an authentication, reads, and the search for jobs. Each is sent once.
 */
export class UpstreamProbe {
  private readonly transport: HttpTransport;
  private readonly send: Send;

  constructor(
    private readonly credentials: Credentials,
    private readonly config: IdaasConfig,
    /** Opens the connections, as the gateway's are opened. */
    connect: buildConnector.connector,
  ) {
    this.transport = transportTo(() => credentials.baseUrl, config, connect);
    this.send = withDeadline(this.transport.send);
  }

  /** Throws the problems of a request that is not answered. */
  async authenticate(): Promise<Authentication> {
    const sentAtMs = Date.now();
    const response = await this.send(authenticationWith(this.credentials, this.config.readTimeoutMs));
    const clock = clockOf(response, sentAtMs, Date.now());
    const isDone = response.status >= 200 && response.status < 300;
    return { response, clock, token: isDone ? readAuthToken(parsed(response.text), 0) : undefined };
  }

  /** Whatever the upstream answers to this GET. Throws likewise. */
  read(operation: string, path: string, { value: authToken }: AuthToken): Promise<UpstreamResponse> {
    const timeoutMs = this.config.readTimeoutMs;
    return this.send({ operation, method: 'GET', path: `/api/web/v1${path}`, timeoutMs, authToken });
  }

  /** The newest jobs, or why they cannot be had by page. Throws the problems of `idaas.problems.ts`. */
  newestJobs(token: AuthToken): Promise<JobPageLook | PagesRefusal> {
    return new JobPages(this.with(token), this.config).look();
  }

  /** Whether there is a list of all jobs. Throws likewise. */
  hasWholeList(token: AuthToken): Promise<boolean> {
    return new WholeJobList(this.with(token), this.config).isThere();
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  private with({ value: authToken }: AuthToken): Send {
    return (request) => this.send({ ...request, authToken });
  }
}

/** A `Date` names a whole second that has begun (RFC 9110 §6.6.1); it was made some time between the request and the answer. */
function clockOf({ date }: UpstreamResponse, sentAtMs: number, receivedAtMs: number) {
  const upstreamMs = parseHttpDate(date);
  if (upstreamMs === undefined) return undefined;
  const aheadMs = upstreamMs + 500 - (sentAtMs + receivedAtMs) / 2;
  return { aheadMs, uncertaintyMs: 500 + (receivedAtMs - sentAtMs) / 2 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
