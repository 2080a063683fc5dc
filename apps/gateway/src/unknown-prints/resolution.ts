import { Injectable, Logger } from '@nestjs/common';
import { digestOf, PrintStatusId } from '#libs/contract';
import { IdaasClient, IdaasConfig, type PrintJob, type PrintJobListing } from '#libs/idaas';
import { ClaimRegistry, infer, type Inference, type LeftJob, type OpenSubmission } from '#libs/idempotency';
import { JobRegistry, type JobRecord } from '#libs/jobs';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import { learn, type Lesson } from './lesson.js';
import { ResolutionConfig } from './resolution.config.js';
import { SettlementService } from './settlement.service.js';

/** Of so many jobs of ours it is checked that the upstream lists them: the newest, and the last before the oldest unknown. */
const NEWEST_CHECKED = 200;
const OLDER_CHECKED = 5;

/** So far is looked back before the oldest job of ours: a clock that is off by less is noticed, and said in the log. */
const CLOCKS_DIFFER_MS = 3_600_000;
const TOO_MANY_OPEN = 'more prints are open than can be looked through';

const sentAt = ({ dispatchedAtMs }: OpenSubmission) => dispatchedAtMs;
const createdAt = ({ createdAtMs }: JobRecord) => createdAtMs;

/** Finds out from the upstream's list of jobs what became of prints whose answer was lost, where it follows uniquely. */
@Injectable()
export class Resolution {
  private readonly log = new Logger('UnknownPrints');

  constructor(
    private readonly idaas: IdaasClient,
    private readonly idaasConfig: IdaasConfig,
    private readonly upstream: UpstreamAccess,
    private readonly claims: ClaimRegistry,
    private readonly jobs: JobRegistry,
    private readonly settlements: SettlementService,
    private readonly config: ResolutionConfig,
  ) {}

  /**
   * Settles what it can at these printers. Gives the reason when nothing can be settled at all. The order of the looks
   * matters: a job in the list whose submission is not open any more was noted before that submission was closed.
   */
  async resolve(printers: readonly string[]): Promise<string | undefined> {
    const askedAtMs = Date.now();
    const openBefore = await this.openPrints();
    if (!openBefore) return TOO_MANY_OPEN;
    const known = await this.knownJobs(askedAtMs, openBefore);
    const { jobs } = await this.listSince([...openBefore.map(sentAt), ...known.map(createdAt)], askedAtMs);
    const open = await this.openPrints();
    if (!open) return TOO_MANY_OPEN;
    const lesson = this.learnFrom(jobs, known);
    if (typeof lesson === 'string') return lesson;
    for (const printer of printers) await this.resolveAt(printer, { jobs, askedAtMs }, open, lesson);
    return undefined;
  }

  /** Undefined when they are too many. */
  private async openPrints(): Promise<readonly OpenSubmission[] | undefined> {
    const { submissions, isComplete } = await this.claims.listOpen();
    return isComplete ? submissions.filter(({ operation }) => operation === 'print') : undefined;
  }

  /** The upstream's jobs back to the oldest of these moments, and as far before it as clocks may differ without the log saying so. */
  private listSince(moments: readonly number[], askedAtMs: number): Promise<PrintJobListing> {
    const sinceMs = Math.min(askedAtMs, ...moments) - this.config.skewMs - CLOCKS_DIFFER_MS;
    return this.upstream.run(undefined, () => this.idaas.listPrintJobs({ sinceMs }));
  }

  /** Jobs of ours that the upstream must list by now. */
  private async knownJobs(askedAtMs: number, open: readonly OpenSubmission[]): Promise<JobRecord[]> {
    const { settleMs, skewMs } = this.config;
    const shownUntilMs = askedAtMs - settleMs - skewMs;
    const oldestMs = Math.min(shownUntilMs, ...open.map(sentAt));
    const [newest, older] = await Promise.all([
      this.jobs.newest(shownUntilMs, NEWEST_CHECKED),
      this.jobs.newest(oldestMs, OLDER_CHECKED),
    ]);
    return [...new Map([...newest, ...older].map((job) => [job.id, job])).values()];
  }

  private learnFrom(jobs: readonly PrintJob[], known: readonly JobRecord[]): Lesson | string {
    const { settleMs, skewMs } = this.config;
    return learn(known, new Map(jobs.map((job) => [job.id, job])), {
      skewMs,
      takesMs: settleMs + this.idaasConfig.printTimeoutMs,
    });
  }

  private async resolveAt(
    printer: string,
    { jobs, askedAtMs }: { jobs: readonly PrintJob[]; askedAtMs: number },
    open: readonly OpenSubmission[],
    lesson: Lesson,
  ): Promise<void> {
    const here = open.filter(({ target }) => target === printer);
    const ours = jobs.filter(
      (job) => job.printerId === printer && job.creatorType === 'API' && lesson.creatorIds.has(job.creatorId),
    );
    const inference = infer(
      here.map((each) => this.suspect(each)),
      await this.leftOf(ours, here),
      askedAtMs,
    );
    if (inference.isContradicted)
      this.log.warn(
        { printer },
        'more jobs than the gateway has sent: does somebody else print with its credentials?',
      );
    await this.settle(here, inference, lesson);
  }

  private async settle(
    open: readonly OpenSubmission[],
    { printed, notPrinted }: Inference,
    lesson: Lesson,
  ): Promise<void> {
    const missing = new Set(notPrinted);
    for (const submission of open) {
      const jobId = PrintStatusId.parse(printed.get(submission.id));
      const isMissing = missing.has(submission.id) && submission.dispatchedAtMs >= lesson.completeSinceMs;
      const outcome = jobId ? { printed: jobId } : isMissing && ('not-printed' as const);
      if (outcome) await this.settlements.settle(submission, outcome, 'gateway');
    }
  }

  /** Jobs in somebody's window that are nobody's yet, or are written down as theirs. */
  private async leftOf(jobs: readonly PrintJob[], open: readonly OpenSubmission[]): Promise<LeftJob[]> {
    const ids = new Set(open.map(({ id }) => id));
    const windows = open.map((each) => this.suspect(each));
    const inWindow = jobs.filter(({ createdAtMs }) =>
      windows.some(({ fromMs, untilMs }) => fromMs <= createdAtMs && createdAtMs <= untilMs),
    );
    const looked = inWindow.map(async ({ id, createdAtMs }) => {
      const submissionId = (await this.jobs.find(id as PrintStatusId))?.submissionId;
      return { id, createdAtMs, submissionId };
    });
    const found = await Promise.all(looked);
    return found.filter(({ submissionId }) => submissionId === undefined || ids.has(submissionId));
  }

  private suspect({ id, submitter, dispatchedAtMs, endsAtMs, isRunning }: OpenSubmission) {
    const { settleMs, skewMs } = this.config;
    return {
      id,
      fromMs: dispatchedAtMs - skewMs,
      untilMs: endsAtMs + settleMs + skewMs,
      owner: digestOf(submitter.issuer, submitter.tenant, submitter.subject),
      isRunning,
    };
  }
}
