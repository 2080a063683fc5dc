import { JobSelection } from './job-selection.js';
import { JsonArrayReader } from './json-array.reader.js';
import { isNoSuchList, requireList, type ListTimeouts } from './list-answer.js';
import type { PrintJobListing, PrintJobSearch } from './print-job-search.js';
import type { Send } from './send.js';
import { parseHttpDate } from './http-date.js';
import { requireJsonType } from './upstream-answer.js';

const WHOLE_LIST = '/api/web/v1/prints';
/** A record of the vendor's document has some 500 bytes. */
const MAX_RECORD_BYTES = 65_536;

/**
 * The upstream's list of all its print jobs, which knows no parameters and has no end in sight: hundreds of megabytes for a million
 * jobs. Only what is asked for stays in memory.
 */
export class WholeJobList {
  constructor(
    private readonly send: Send,
    private readonly timeouts: ListTimeouts,
  ) {}

  /** Undefined where the upstream has no such list. */
  async read(search: PrintJobSearch): Promise<PrintJobListing | undefined> {
    let attempt = new Attempt(search);
    const response = await this.send({
      operation: 'getPrintJobs',
      method: 'GET',
      path: WHOLE_LIST,
      timeoutMs: this.timeouts.listTimeoutMs,
      idleTimeoutMs: this.timeouts.readTimeoutMs,
      bodyReader: () => (attempt = new Attempt(search)).reader,
    });
    if (isNoSuchList(response)) return undefined;
    requireList(response);
    requireJsonType(response);
    attempt.reader.end();
    const jobs = attempt.selection.newestFirst();
    return { jobs, upstreamTimeMs: parseHttpDate(response.date), readAs: 'whole' };
  }
}

/** What came of sending it once: a response that broke off leaves nothing to the next. */
class Attempt {
  readonly selection: JobSelection;
  readonly reader: JsonArrayReader;

  constructor(search: PrintJobSearch) {
    const selection = new JobSelection(search);
    this.selection = selection;
    this.reader = new JsonArrayReader(MAX_RECORD_BYTES, (value) => selection.add(value, 'id'));
  }
}
