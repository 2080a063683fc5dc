import { Logger } from '@nestjs/common';
import { UpstreamFailed } from './idaas.problems.js';
import { JobPages, type PagesRefusal } from './job-pages.js';
import type { ListTimeouts } from './list-answer.js';
import type { PrintJobListing, PrintJobSearch } from './print-job-search.js';
import type { Send } from './send.js';
import { WholeJobList } from './whole-job-list.js';

/** What the upstream does not have is asked for again after so long: it may have been updated. */
const ASKED_AGAIN_MS = 3_600_000;

/** What the upstream may lack: the list by page, that list in an order, the whole list. */
type Lacking = 'pages' | 'order' | 'whole';

/**
 * Lists the upstream's print jobs in the cheapest way that it offers: by page, newest first; else the whole list, one snapshot that is
 * streamed; else all pages. What it does not offer is remembered for a while.
 */
export class JobList {
  private readonly log = new Logger('JobList');
  private readonly pages: JobPages;
  private readonly whole: WholeJobList;
  private readonly lackingUntilMs = new Map<Lacking, number>();

  constructor(
    send: Send,
    timeouts: ListTimeouts,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.pages = new JobPages(send, timeouts);
    this.whole = new WholeJobList(send, timeouts);
  }

  /** Throws `UpstreamFailed` where the upstream offers no list at all, `CredentialsRefused` where the application may not list jobs. */
  async list(search: PrintJobSearch): Promise<PrintJobListing> {
    const listing =
      (await this.byPageInOrder(search)) ?? (await this.asWhole(search)) ?? (await this.byPage(search));
    if (listing) return listing;
    // Asked again at the next call: it may be the infrastructure that answers so.
    this.lackingUntilMs.clear();
    throw new UpstreamFailed(404);
  }

  private async byPageInOrder(search: PrintJobSearch): Promise<PrintJobListing | undefined> {
    if (this.lacks('pages') || this.lacks('order')) return undefined;
    return this.unlessRefused(await this.pages.newestFirst(search));
  }

  private async asWhole(search: PrintJobSearch): Promise<PrintJobListing | undefined> {
    if (this.lacks('whole')) return undefined;
    const listing = await this.whole.read(search);
    if (!listing) this.remember('whole');
    return listing;
  }

  private async byPage(search: PrintJobSearch): Promise<PrintJobListing | undefined> {
    if (this.lacks('pages')) return undefined;
    return this.unlessRefused(await this.pages.all(search));
  }

  private unlessRefused(answer: PrintJobListing | PagesRefusal): PrintJobListing | undefined {
    if (typeof answer === 'object') return answer;
    if (answer === 'no-list') this.remember('pages');
    if (answer === 'no-order') this.remember('order');
    return undefined;
  }

  private lacks(what: Lacking): boolean {
    return this.now() < (this.lackingUntilMs.get(what) ?? -Infinity);
  }

  private remember(what: Lacking): void {
    this.lackingUntilMs.set(what, this.now() + ASKED_AGAIN_MS);
    this.log.warn(MESSAGES[what]);
  }
}

const MESSAGES: Readonly<Record<Lacking, string>> = {
  pages: 'IDaaS does not list print jobs by page; for an hour the whole list is read instead.',
  order: 'IDaaS does not list print jobs newest first; for an hour the whole list is read instead.',
  whole: 'IDaaS does not answer GET /prints; for an hour print jobs are listed by page only.',
};
