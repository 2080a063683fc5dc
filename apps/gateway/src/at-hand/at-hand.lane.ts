import type { IncomingMessage, RequestListener } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AuthConfig, presentedToken, requireTokenForm, VerifiedTokenCache, type Principal } from '#libs/auth';
import type { Answer } from '#libs/cache';
import { RequestRate } from '#libs/limits';
import { PolicyService } from '#libs/policy';
import { Problem, problemAnswer, ProblemFilter } from '#libs/problem';
import { contextOf, Metrics } from '#libs/telemetry';
import type { AccessLog } from '../http/access-log.js';
import { cachedAnswer } from '../http/cached-answer.js';
import type { CommonHeaders } from '../http/common-headers.js';
import { requestIdOf } from '../http/request-id.js';
import { hasEachHeaderOnce } from '../http/strict-requests.js';
import { Departures } from './departures.js';
import { ReadsAtHand, type ReadAtHand } from './reads-at-hand.js';

/** How a request is answered, and to whom. */
interface Outcome {
  readonly principal: Principal | undefined;
  readonly answer: Answer | Problem;
}

/** What is sent of it. */
interface Leaving {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string | undefined;
}

/**
 * The short way, in front of the framework: where this process knows who is calling, what they may do, whose job it is and
 * what the upstream said, it answers at once. The same objects decide in the same order as on the long way (the guards,
 * then the service). What must be found out first, or is out of the ordinary, goes the long way as if this were not here.
 */
@Injectable()
export class AtHandLane {
  private readonly problems = new ProblemFilter();
  private readonly answered: { inc(): void };

  constructor(
    private readonly reads: ReadsAtHand,
    private readonly tokens: VerifiedTokenCache,
    private readonly policy: PolicyService,
    private readonly rate: RequestRate,
    private readonly auth: AuthConfig,
    metrics: Metrics,
  ) {
    const help = 'Requests that were answered at once, without the framework.';
    this.answered = metrics.counter('answered_at_hand_total', help, [])({});
  }

  /** Answers what is at hand, and hands on all else. `headers` go with every answer. */
  inFrontOf(longWay: RequestListener, headers: CommonHeaders, accessLog: AccessLog): RequestListener {
    const always = Object.entries(headers).flat();
    const departures = new Departures(accessLog);
    return (request, response) => {
      const startedAtMs = performance.now();
      const read = isOrdinary(request) ? this.reads.at(request.url as string) : undefined;
      const outcome = read && this.outcomeOf(read, request);
      if (!outcome) return longWay(request, response);
      this.answered.inc();
      const id = requestIdOf(request);
      const leaving = this.leavingOf(outcome.answer, request, id);
      departures.add({
        response,
        headers: linesOf(leaving, [...always, 'x-request-id', id]),
        text: leaving.text,
        startedAtMs,
        request: {
          id,
          method: 'GET',
          route: read.route,
          status: leaving.status,
          principal: outcome.principal,
          cache: leaving.headers['cache-status'],
          context: contextOf(request.headers),
        },
      });
    };
  }

  /** Undefined where something is not known yet, or not granted. */
  private outcomeOf(read: ReadAtHand, request: IncomingMessage): Outcome | undefined {
    let principal: Principal | undefined;
    try {
      principal = this.principalOf(request);
      const answer = principal && this.find(read, principal);
      return answer && { principal, answer };
    } catch (fault) {
      return fault instanceof Problem ? { principal, answer: fault } : undefined;
    }
  }

  /** Undefined for a token that is to be checked first. Throws `InvalidToken` for what is no token at all. */
  private principalOf(request: IncomingMessage): Principal | undefined {
    const token = presentedToken(request);
    const principal = this.tokens.find(token);
    if (!principal) requireTokenForm(token, this.auth.maxTokenBytes);
    return principal;
  }

  /** Counted is only what is answered here: the long way counts for itself. Throws `RateExceeded`. */
  private find(read: ReadAtHand, principal: Principal): Answer | undefined {
    const grant = this.policy.grantOf(principal);
    const answer = grant.meets(read.needed) ? read.find({ principal, grant }) : undefined;
    if (answer) this.rate.count(principal, grant.limits.requestsPerMinute);
    return answer;
  }

  private leavingOf(answer: Answer | Problem, { headers, url = '' }: IncomingMessage, id: string): Leaving {
    if (!(answer instanceof Problem)) return cachedAnswer(answer, headers['if-none-match']);
    this.problems.note(answer, id);
    return problemAnswer(answer, { instance: url, requestId: id });
  }
}

function linesOf({ headers, text }: Leaving, lines: string[]): string[] {
  for (const name in headers) lines.push(name, headers[name] as string);
  if (text !== undefined) lines.push('content-length', String(Buffer.byteLength(text)));
  return lines;
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
