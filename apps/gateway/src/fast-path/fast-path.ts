import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Answer } from '#libs/cache';
import type { Caller } from '#libs/policy';
import { contextOf, Metrics } from '#libs/telemetry';
import { Admission } from '../admission/admission.js';
import { hasEachHeaderOnce } from '../http/reject-ambiguous-requests.js';
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
  inFrontOf(framework: RequestListener, batcher: ResponseBatcher): RequestListener {
    return (request, response) => {
      const read = isOrdinary(request) ? this.routes.at(request.url as string) : undefined;
      if (read) this.answer(read, request, response, batcher);
      else framework(request, response);
    };
  }

  private answer(
    read: FastPathRead,
    request: IncomingMessage,
    response: ServerResponse,
    batcher: ResponseBatcher,
  ): void {
    this.taken.inc();
    const pending = new PendingResponse(
      request,
      response,
      read.route,
      contextOf(request.headers, batcher.clients.of(request)),
    );
    try {
      const admitted = this.admission.admit(pending, read);
      const answer = admitted ? admitted.then(() => answerTo(pending, read)) : answerTo(pending, read);
      batcher.add(pending, answer);
    } catch (fault) {
      batcher.refuse(pending, fault);
    }
  }
}

function answerTo({ caller }: PendingResponse, read: FastPathRead): Answer | Promise<Answer> {
  return read.answer(caller as Caller);
}

/** A plain question, with no body, that asks for no more than the answer. */
function isOrdinary(request: IncomingMessage): boolean {
  const { method, headers } = request;
  return (
    method === 'GET' &&
    headers.prefer === undefined &&
    headers['cache-control'] === undefined &&
    headers['if-match'] === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined &&
    hasEachHeaderOnce(request)
  );
}
