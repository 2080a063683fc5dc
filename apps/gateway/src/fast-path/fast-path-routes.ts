import { Injectable } from '@nestjs/common';
import type { CachedResponse } from '#libs/cache';
import { PrintStatusId } from '#libs/contract';
import { requirementOf, type Caller } from '#libs/policy';
import type { Entry } from '../admission/admission.js';
import { PrintCountsController } from '../print-counts/print-counts.controller.js';
import { PrintCountsService } from '../print-counts/print-counts.service.js';
import { StatusController } from '../status/status.controller.js';
import { StatusService } from '../status/status.service.js';

const COUNTS_PATH = '/api/web/v1/printcounts';
const STATUS_PATH = '/api/web/v1/printers/print/';
const STATUS_ROUTE = `${STATUS_PATH}:printStatusId`;

/** The routes of the framework that the fast path answers for; what they require they say themselves. */
export const FAST_PATH_HANDLERS = {
  status: handlerOf(StatusController, 'getPrintStatus'),
  counts: handlerOf(PrintCountsController, 'getPrintCounts'),
};
const REQUIRED = {
  status: requirementOf(FAST_PATH_HANDLERS.status.handler),
  counts: requirementOf(FAST_PATH_HANDLERS.counts.handler),
};

/** A read of something that frontends poll. */
export interface FastPathRead extends Entry {
  /** The pattern of its path, by which the log and the metrics name it. */
  readonly route: string;
  /** The answer, not promised where this process has it. Throws, or rejects with, what the route itself would throw. */
  answer(caller: Caller, revalidate: boolean): CachedResponse | Promise<CachedResponse>;
}

/** The reads that frontends poll. */
@Injectable()
export class FastPathRoutes {
  private readonly countsRead: FastPathRead;

  constructor(
    private readonly statuses: StatusService,
    counts: PrintCountsService,
  ) {
    this.countsRead = {
      route: COUNTS_PATH,
      requires: REQUIRED.counts,
      answer: (caller, revalidate) => counts.read(caller, { revalidate }),
    };
  }

  /** The read at this path; undefined when it is another, or not quite written as it should be. */
  at(path: string): FastPathRead | undefined {
    if (path.startsWith(STATUS_PATH)) {
      const id = PrintStatusId.parse(path.slice(STATUS_PATH.length));
      return id && new StatusRead(this.statuses, id);
    }
    return path === COUNTS_PATH ? this.countsRead : undefined;
  }
}

class StatusRead implements FastPathRead {
  readonly route = STATUS_ROUTE;
  readonly requires = REQUIRED.status;

  constructor(
    private readonly statuses: StatusService,
    private readonly id: PrintStatusId,
  ) {}

  answer(caller: Caller, revalidate: boolean): CachedResponse | Promise<CachedResponse> {
    return this.statuses.find(this.id, caller, revalidate);
  }
}

function handlerOf<C extends object>(
  controller: { readonly name: string; readonly prototype: C },
  name: keyof C,
) {
  return { controller, handler: controller.prototype[name] as (...args: never[]) => unknown };
}
