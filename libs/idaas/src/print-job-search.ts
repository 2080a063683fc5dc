import type { PrinterId } from '#libs/contract';
import type { PrintJob } from './print-job.js';

/** Which of the upstream's jobs are asked for. */
export interface PrintJobSearch {
  /** Left out: of all printers. */
  readonly printerId?: PrinterId | undefined;
  /** Created at that time of the upstream's clock or later. Its whole second counts: the vendor's times may have no fraction. */
  readonly sinceMs: number;
}

export interface PrintJobListing {
  /** Newest first, each once, whoever made it. */
  readonly jobs: readonly PrintJob[];
  /**
   * The upstream's own time when it began to answer, to the second (its first `Date`): what was created and shown before that is
   * in the list. Undefined where it is absent or unreadable.
   */
  readonly upstreamTimeMs: number | undefined;
  /** How long it took from then, or a little later, until all was read, in milliseconds of this process. */
  readonly tookMs: number;
  /** Which of its two lists the upstream was asked for. Each names jobs in a member of its own (`JobIdMember`). */
  readonly readAs: 'pages' | 'whole';
}
