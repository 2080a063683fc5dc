import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '#libs/audit';
import type { PrintJob } from '#libs/idaas';
import { InFlightSubmissions, type InFlightSubmission } from '#libs/idempotency';
import { SecretKeys } from '#libs/secrets';
import { Store } from '#libs/store';
import { Metrics } from '#libs/telemetry';
import { JoblessPrints, mayHaveComeOf, type JoblessPrint } from './jobless-prints.js';
import { UpstreamJobs, type JobsSince } from './upstream-jobs.js';

/** A list without pages may cost seconds of CPU: it is not read most of the time. */
const PAUSE_FOR_LOOK = 9;

/**
 * Looks for jobs that show up after their prints were settled as not printed, a few times and with growing pauses, and tells of each: in the
 * log, a metric and an audit event. Its key may have printed once more by then.
 */
@Injectable()
export class LateJobs {
  private readonly log = new Logger('UnknownPrints');
  private readonly count: { inc(): void };
  private restsUntilMs = -Infinity;

  constructor(
    private readonly prints: JoblessPrints,
    private readonly jobs: UpstreamJobs,
    private readonly inFlight: InFlightSubmissions,
    private readonly store: Store,
    private readonly audit: AuditLog,
    private readonly keys: SecretKeys,
    metrics: Metrics,
  ) {
    const help = 'Jobs that showed up after their prints were settled as not printed.';
    this.count = metrics.counter('late_jobs_total', help);
  }

  /** Looks for the jobs of those for which it is time. Throws what calls of the upstream throw, and `StoreUnavailable`: it is still time then. */
  async look(): Promise<void> {
    const startedAtMs = performance.now();
    if (startedAtMs < this.restsUntilMs) return;
    const nowMs = await this.store.time();
    const prints = await this.prints.due(nowMs);
    if (prints.length === 0) return;
    try {
      await this.lookForAll(prints.filter((print) => !this.prints.isOver(print, nowMs)));
    } finally {
      const endedAtMs = performance.now();
      this.restsUntilMs = endedAtMs + PAUSE_FOR_LOOK * (endedAtMs - startedAtMs);
    }
    await this.prints.looked(prints, nowMs);
  }

  /** A person is told that these jobs fit a print: nobody need be told once more when it is settled as not printed all the same. */
  async areKnownOf(ids: readonly string[], { token }: InFlightSubmission): Promise<void> {
    const ttlMs = this.prints.rememberedMs;
    const writes = ids.map((id) => ({ set: toldKey(id, token), value: '', ttlMs }));
    await this.store.commit({ conditions: [], writes });
  }

  private async lookForAll(due: readonly JoblessPrint[]): Promise<void> {
    if (due.length === 0) return;
    const sinceMs = Math.min(...due.map(({ dispatchedAtMs }) => dispatchedAtMs));
    const listed = await this.jobs.listSinceIfPermitted(sinceMs);
    if (!listed) return;
    // Read behind the list: the job of a print that has ended since is known when it is asked whose it is.
    const { submissions } = await this.inFlight.listInFlight();
    for (const print of due) await this.lookFor(print, listed, submissions);
  }

  private async lookFor(
    print: JoblessPrint,
    { jobs, apart }: JobsSince,
    open: readonly InFlightSubmission[],
  ) {
    // What is left to a person is no surprise to anybody.
    if (open.some(({ token }) => token === print.token)) return;
    const here = open.filter(({ target }) => target === print.printerId);
    const fitting = jobs.filter(
      (job) =>
        job.printerId === print.printerId &&
        mayHaveComeOf(print, job, apart) &&
        !here.some((other) => mayHaveComeOf(other, job, apart)),
    );
    for (const job of fitting)
      if (!(await this.jobs.find(job)) && (await this.jobs.isOurs(job))) await this.tell(print, job);
  }

  private async tell({ id, token, printerId, submitter }: JoblessPrint, { id: printStatusId }: PrintJob) {
    if (!(await this.store.setIfAbsent(toldKey(printStatusId, token), '', this.prints.rememberedMs))) return;
    this.count.inc();
    this.log.error(
      { printerId, printStatusId },
      'A print that was settled as not printed has a job after all: its key may have printed once more.',
    );
    const at = new Date().toISOString();
    const submissionId = this.keys.keyIfLoaded('audit')?.hash(id);
    const what = { printerId, printStatusId, submitter, submissionId };
    await this.audit.record(
      { at, by: 'gateway', operation: 'settle', outcome: 'late-job', ...what },
      'possible',
    );
  }
}

function toldKey(jobId: string, token: string): string {
  return `{${jobId}}:late:${token}`;
}
