import type { IncomingMessage, RequestListener } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AuthConfig, presentedToken, requireTokenForm, VerifiedTokenCache, type Principal } from '#libs/auth';
import type { Answer } from '#libs/cache';
import { RequestRate } from '#libs/limits';
import { PolicyService, type Caller } from '#libs/policy';
import { Problem } from '#libs/problem';
import { contextOf, Metrics } from '#libs/telemetry';
import { hasEachHeaderOnce } from '../http/strict-requests.js';
import type { Departures } from './departures.js';
import { PolledReads, type PolledRead } from './polled-reads.js';

/** How a request is answered, and to whom. */
interface Found {
  readonly caller: Caller | undefined;
  readonly answer: Answer | Problem | Promise<Answer>;
}

/**
 * A lane of their own for the reads that frontends poll, in front of the framework, which costs more than such a read. The same
 * objects decide in the same order as behind it (the guards, then the service). Whoever is not known yet, or may not read,
 * and whatever is out of the ordinary, goes the framework's way as if this were not here.
 */
@Injectable()
export class ReadLane {
  private readonly taken: { inc(): void };

  constructor(
    private readonly reads: PolledReads,
    private readonly tokens: VerifiedTokenCache,
    private readonly policy: PolicyService,
    private readonly rate: RequestRate,
    private readonly auth: AuthConfig,
    metrics: Metrics,
  ) {
    const help = 'Requests that were answered without the framework.';
    this.taken = metrics.counter('read_lane_requests_total', help, [])({});
  }

  /** Answers what the lane is for, and hands on all else. */
  inFrontOf(framework: RequestListener, departures: Departures): RequestListener {
    return (request, response) => {
      const startedAtMs = performance.now();
      const read = isOrdinary(request) ? this.reads.at(request.url as string) : undefined;
      const found = read && this.find(read, request);
      if (!found) return framework(request, response);
      this.taken.inc();
      const { caller, answer } = found;
      departures.add({ request, response, route: read.route, caller, startedAtMs }, answer);
    };
  }

  /** Undefined where a token is to be checked first, or what is needed is not granted. */
  private find(read: PolledRead, request: IncomingMessage): Found | undefined {
    let caller: Caller | undefined;
    try {
      caller = this.callerOf(request);
      if (!caller?.grant.meets(read.needed)) return undefined;
      this.rate.count(caller.principal, caller.grant.limits.requestsPerMinute);
      return { caller, answer: read.answer(caller) };
    } catch (fault) {
      return fault instanceof Problem ? { caller, answer: fault } : undefined;
    }
  }

  private callerOf(request: IncomingMessage): Caller | undefined {
    const principal = this.principalOf(request);
    if (!principal) return undefined;
    return { principal, grant: this.policy.grantOf(principal), context: contextOf(request.headers) };
  }

  /** Throws `InvalidToken` for what is no token at all. */
  private principalOf(request: IncomingMessage): Principal | undefined {
    const token = presentedToken(request);
    const principal = this.tokens.find(token);
    if (!principal) requireTokenForm(token, this.auth.maxTokenBytes);
    return principal;
  }
}

/** A plain question, with no body, that asks for no more than the answer. A page's `Origin` is a matter of CORS. */
function isOrdinary(request: IncomingMessage): boolean {
  const { method, headers } = request;
  return (
    method === 'GET' &&
    headers.origin === undefined &&
    headers.prefer === undefined &&
    headers['cache-control'] === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined &&
    hasEachHeaderOnce(request)
  );
}
