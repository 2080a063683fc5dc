import { JobSelection } from './job-selection.js';
import { JsonArrayReader } from './json-array.reader.js';
import { isNoSuchList, requireList, type ListTimeouts } from './list-answer.js';
import type { PrintJobListing, PrintJobSearch } from './print-job-search.js';
import type { BodyReader, Send, UpstreamResponse } from './send.js';
import { parseHttpDate } from './http-date.js';
import { requireJsonType } from './response-parser.js';

const WHOLE_LIST = '/api/web/v1/prints';
/** A record of the vendor's document has some 500 bytes. */
const MAX_RECORD_BYTES = 65_536;

/** Asked for by everybody who came until it began. */
interface Reading {
  readonly searches: Set<PrintJobSearch>;
  /** Undefined where the upstream has no such list. */
  readonly attempt: Promise<Attempt | undefined>;
}

/**
 * The upstream's list of all its print jobs, which knows no parameters and has no end in sight: hundreds of megabytes for a million
 * jobs. Only what is asked for stays in memory, and it is read once at a time: who asks meanwhile shares the next one with all others
 * that do, however many printers have prints whose answer was lost.
 */
export class WholeJobList {
  private next: Reading | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly send: Send,
    private readonly timeouts: ListTimeouts,
  ) {}

  /** Undefined where the upstream has no such list. */
  async read(search: PrintJobSearch): Promise<PrintJobListing | undefined> {
    this.next ??= this.reading();
    this.next.searches.add(search);
    return (await this.next.attempt)?.listingFor(search);
  }

  /** Whether the upstream has such a list. Its first job is read, if there is one, and no more of it. */
  async isThere(): Promise<boolean> {
    const begun: unknown[] = [];
    const take = (job: unknown) => {
      begun.push(job);
      throw new Error('enough was read');
    };
    try {
      const response = await this.ask(() => new JsonArrayReader(MAX_RECORD_BYTES, take));
      if (isNoSuchList(response)) return false;
      requireList(response);
      return true;
    } catch (error) {
      if (begun.length > 0) return true;
      throw error;
    }
  }

  private reading(): Reading {
    const searches = new Set<PrintJobSearch>();
    const attempt = this.last.then(() => {
      this.next = undefined;
      return this.readFor(searches);
    });
    this.last = attempt.catch(() => {});
    return { searches, attempt };
  }

  private async readFor(searches: ReadonlySet<PrintJobSearch>): Promise<Attempt | undefined> {
    let attempt = new Attempt(searches);
    const response = await this.ask(() => (attempt = new Attempt(searches)).reader);
    if (isNoSuchList(response)) return undefined;
    requireList(response);
    requireJsonType(response);
    attempt.end(parseHttpDate(response.date));
    return attempt;
  }

  private ask(bodyReader: () => BodyReader): Promise<UpstreamResponse> {
    return this.send({
      operation: 'getPrintJobs',
      method: 'GET',
      path: WHOLE_LIST,
      timeoutMs: this.timeouts.listTimeoutMs,
      idleTimeoutMs: this.timeouts.readTimeoutMs,
      bodyReader,
    });
  }
}

/** What came of sending it once: a response that broke off leaves nothing to the next. */
class Attempt {
  readonly reader: JsonArrayReader;
  private upstreamTimeMs: number | undefined;
  private beganAtMs: number | undefined;
  private tookMs = 0;
  private readonly selections: ReadonlyMap<PrintJobSearch, JobSelection>;
  /** What is wrong with a job that was asked for. It is nothing to those who ask for others. */
  private readonly faults = new Map<PrintJobSearch, unknown>();

  constructor(searches: ReadonlySet<PrintJobSearch>) {
    this.selections = new Map([...searches].map((search) => [search, new JobSelection(search)]));
    this.reader = new JsonArrayReader(MAX_RECORD_BYTES, (value) => this.add(value));
  }

  /** All has come. Throws `UpstreamInvalidResponse` where that was no list. */
  end(upstreamTimeMs: number | undefined): void {
    this.reader.end();
    this.upstreamTimeMs = upstreamTimeMs;
    this.tookMs = performance.now() - (this.beganAtMs ?? performance.now());
  }

  /** Throws `UpstreamInvalidResponse`. */
  listingFor(search: PrintJobSearch): PrintJobListing {
    if (this.faults.has(search)) throw this.faults.get(search);
    // Asked for before it was read: that nothing was found must never stand for that nothing was looked for.
    const selection = this.selections.get(search) as JobSelection;
    return {
      jobs: selection.newestFirst(),
      upstreamTimeMs: this.upstreamTimeMs,
      tookMs: this.tookMs,
      readAs: 'whole',
    };
  }

  private add(value: unknown): void {
    this.beganAtMs ??= performance.now();
    for (const [search, selection] of this.selections)
      try {
        selection.add(value, 'id');
      } catch (error) {
        this.faults.set(search, error);
      }
  }
}
