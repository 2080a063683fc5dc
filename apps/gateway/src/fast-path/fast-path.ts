import type { IncomingMessage, RequestListener } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { CachedResponse } from '#libs/cache';
import type { Caller } from '#libs/policy';
import { Metrics } from '#libs/telemetry';
import { Admission } from '../admission/admission.js';
import { wantsRevalidation } from '../server/request/cache-directives.js';
import { hasEachHeaderOnce } from '../server/request/reject-ambiguous-requests.js';
import type { RequestContexts } from '../server/request/request-contexts.js';
import { FastPathRoutes, type FastPathRead } from './fast-path-routes.js';
import { PendingResponse, type ResponseBatcher } from './response-batcher.js';

/**
 * Answers the reads that frontends poll without the framework, which costs more than such a read. The same objects decide as behind it:
 * `Admission`, then the service of the route. Whatever is out of the ordinary goes the framework's way as if this were not here.
 */
@Injectable()
export class FastPath {
  private readonly taken: { inc(): void };

  constructor(
    private readonly routes: FastPathRoutes,
    private readonly admission: Admission,
    metrics: Metrics,
  ) {
    const help = 'Requests that were answered without the framework.';
    this.taken = metrics.counter('fast_path_requests_total', help);
  }

  /** Answers what this is for, and hands on all else. */
  inFrontOf(
    framework: RequestListener,
    batcher: ResponseBatcher,
    contexts: RequestContexts,
  ): RequestListener {
    return (request, response) => {
      const read = isOrdinary(request) ? this.routes.at(request.url as string) : undefined;
      if (!read) return framework(request, response);
      contexts.begin(request, read.route, (context) =>
        this.answer(read, new PendingResponse(request, response, read.route, context), batcher),
      );
    };
  }

  private answer(read: FastPathRead, pending: PendingResponse, batcher: ResponseBatcher): void {
    this.taken.inc();
    try {
      const admitted = this.admission.admit(pending, read);
      const answer = admitted ? admitted.then(() => answerTo(pending, read)) : answerTo(pending, read);
      batcher.add(pending, answer);
    } catch (fault) {
      batcher.refuse(pending, fault);
    }
  }
}

function answerTo(
  { caller, headers }: PendingResponse,
  read: FastPathRead,
): CachedResponse | Promise<CachedResponse> {
  return read.answer(caller as Caller, wantsRevalidation(headers));
}

/** A plain question, with no body, that asks for no more than the answer. */
function isOrdinary(request: IncomingMessage): boolean {
  const { method, headers } = request;
  return (
    method === 'GET' &&
    headers.prefer === undefined &&
    headers['if-match'] === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined &&
    hasEachHeaderOnce(request)
  );
}
