import { parseHttpDate } from './http-date.js';
import { UpstreamInvalidResponse, UpstreamTimedOut } from './idaas.problems.js';
import { readJobPage, type JobPage } from './job-page.js';
import { JobSelection } from './job-selection.js';
import { isNoSuchList, requireList, type ListTimeouts } from './list-answer.js';
import { NewestFirst } from './newest-first.js';
import { readPrintJob, type PrintJob } from './print-job.js';
import type { PrintJobListing, PrintJobSearch } from './print-job-search.js';
import type { Send, UpstreamResponse } from './send.js';
import { readJson } from './response-parser.js';

const PAGED_LIST = '/api/web/v2/prints/paginated';
const PAGE_LIMIT = 100;
/** Two million jobs. */
const MAX_PAGES = 20_000;
const CREATED_ON = { name: 'Created On', ascending: false };

/** Why a list by page cannot be had in the form in which it was asked for. */
export type PagesRefusal = 'no-list' | 'no-order' | 'failed';

export interface JobPageLook {
  readonly jobs: readonly PrintJob[];
  /** Whether they came newest first, as was asked for. */
  readonly isInOrder: boolean;
}

/**
 * The upstream's list of print jobs by page (`getPaginatedPrintJobsV2`, since 5.42). It can be asked for jobs of one printer or time only.
 * The gateway does not: an empty page could then mean as well that the attribute is called or compared otherwise, and a card that is
 * thought not to be printed is printed again. The order shows in the answer, so it can be relied on.
 */
export class JobPages {
  constructor(
    private readonly send: Send,
    private readonly timeouts: ListTimeouts,
  ) {}

  /** Reads from the newest job back to `sinceMs`. */
  async newestFirst(search: PrintJobSearch): Promise<PrintJobListing | PagesRefusal> {
    const first = await this.ask(undefined, CREATED_ON);
    const refusal = refusalOf(first);
    return refusal ?? this.follow(first, search, new NewestFirst());
  }

  /** Reads every page: for an upstream that knows no order. */
  async all(search: PrintJobSearch): Promise<PrintJobListing | PagesRefusal> {
    const first = await this.ask(undefined, undefined);
    return isNoSuchList(first) ? 'no-list' : this.follow(first, search, undefined);
  }

  /** One page of the newest jobs, whoever made them: what the upstream offers, and no more is read. */
  async look(): Promise<JobPageLook | PagesRefusal> {
    const first = await this.ask(undefined, CREATED_ON);
    const refusal = refusalOf(first);
    if (refusal) return refusal;
    const { records } = pageOf(first);
    const jobs = records.map((record) => readPrintJob(record, 'jobId'));
    return { jobs, isInOrder: new NewestFirst().isKeptBy(records) };
  }

  private async follow(
    first: UpstreamResponse,
    search: PrintJobSearch,
    order: NewestFirst | undefined,
  ): Promise<PrintJobListing | PagesRefusal> {
    const selection = new JobSelection(search);
    const beganAtMs = performance.now();
    for await (const { records } of this.pagesFrom(first, order && CREATED_ON)) {
      for (const record of records) selection.add(record, 'jobId');
      if (order && !order.isKeptBy(records)) return 'no-order';
      if (order?.hasPassed(selection.fromMs)) break;
    }
    const upstreamTimeMs = parseHttpDate(first.date);
    const tookMs = performance.now() - beganAtMs;
    return { jobs: selection.newestFirst(), upstreamTimeMs, tookMs, readAs: 'pages' };
  }

  /** Throws `UpstreamInvalidResponse` when the pages come round or do not end, `UpstreamTimedOut` when they take too long together. */
  private async *pagesFrom(first: UpstreamResponse, order: typeof CREATED_ON | undefined) {
    const endsAtMs = performance.now() + this.timeouts.listTimeoutMs;
    const cursors = new Set<string>();
    let page = pageOf(first);
    yield page;
    while (page.nextCursor !== undefined) {
      if (performance.now() > endsAtMs) throw new UpstreamTimedOut();
      if (cursors.has(page.nextCursor))
        throw new UpstreamInvalidResponse('leads back to a page that was read');
      if (cursors.size === MAX_PAGES) throw new UpstreamInvalidResponse('has no last page');
      cursors.add(page.nextCursor);
      page = pageOf(await this.ask(page.nextCursor, order));
      yield page;
    }
  }

  private ask(cursor: string | undefined, order: typeof CREATED_ON | undefined): Promise<UpstreamResponse> {
    return this.send({
      operation: 'getPaginatedPrintJobsV2',
      method: 'POST',
      path: PAGED_LIST,
      isSafe: true,
      body: JSON.stringify({ cursor, limit: PAGE_LIMIT, orderByAttribute: order }),
      timeoutMs: this.timeouts.readTimeoutMs,
    });
  }
}

/** A name that is not known must be a 400; the vendor's document (issuance-api 5.46) has only 401 and 500 for this operation. */
function refusalOf(response: UpstreamResponse): PagesRefusal | undefined {
  if (isNoSuchList(response)) return 'no-list';
  return ({ 400: 'no-order', 500: 'failed' } as const)[response.status];
}

function pageOf(response: UpstreamResponse): JobPage {
  requireList(response);
  return readJobPage(readJson(response, 200).value);
}
