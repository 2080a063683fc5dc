import type { Metrics } from '#libs/telemetry';

const WINDOW_MS = 60_000;
/** So many lines in a minute at most, and of one address and kind one: whoever sends garbage must not fill the log. */
const MAX_LINES = 60;

/** What was answered to something that was no request. */
export interface UnparsedRequest {
  readonly requestId: string;
  readonly status: number;
  /** Node's code of the error, such as `HPE_INVALID_METHOD`. */
  readonly code: string | undefined;
  /** Of the connection: no header could be read that names another. */
  readonly clientAddress: string | undefined;
}

/** Counts what the HTTP parser refuses before there is a request, and tells of it in the log, within bounds. */
export class UnparsedRequests {
  private readonly count: { inc(labels: { status: string }): void };
  private readonly told = new Set<string>();
  private windowStartedAtMs = -Infinity;
  private untold = 0;

  constructor(
    metrics: Metrics,
    private readonly log: { info(entry: object, message: string): void },
    /** In milliseconds. */
    private readonly now: () => number,
  ) {
    const help =
      'What was refused because it is not HTTP, too large or too slow, before there was a request.';
    this.count = metrics.counter('unparsed_requests_total', help, ['status']);
  }

  note(request: UnparsedRequest): void {
    this.count.inc({ status: String(request.status) });
    this.startWindow();
    const kind = `${request.status} ${request.clientAddress}`;
    if (this.told.has(kind) || this.told.size >= MAX_LINES) {
      this.untold += 1;
      return;
    }
    this.told.add(kind);
    this.log.info({ ...request, notLoggedBefore: this.takeUntold() }, 'refused before it was a request');
  }

  private startWindow(): void {
    if (this.now() - this.windowStartedAtMs < WINDOW_MS) return;
    this.windowStartedAtMs = this.now();
    this.told.clear();
  }

  /** How many were counted without a line since the last one; undefined where none were. */
  private takeUntold(): number | undefined {
    const { untold } = this;
    this.untold = 0;
    return untold === 0 ? undefined : untold;
  }
}
