import type { PrintJob } from './print-job.machine.js';

/** A job as the two lists show it. */
export interface ListedJob {
  readonly id: string;
  readonly printer: { readonly id: string; readonly name: string };
  readonly creatorId: string;
  readonly creatorType: 'USER' | 'API';
  readonly status: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export function listedJob(job: PrintJob, applicationId: string): ListedJob {
  const { id, status, createdAtMs, updatedAtMs } = job;
  const printer = job.printer.record;
  return { id, printer, creatorId: applicationId, creatorType: 'API', status, createdAtMs, updatedAtMs };
}

/** An entry of `GET /prints` (issuance-api 5.46, `PrintJob`). */
export function wholeListEntry(job: ListedJob) {
  return { id: job.id, ...commonMembers(job) };
}

/** An entry of a page (issuance-api 5.46, `PrintJobRecord`): `id` is a number of the table, `jobId` what the other list calls `id`. */
export function pageRecord(job: ListedJob, number: number) {
  return { id: number, jobId: job.id, ...commonMembers(job) };
}

function commonMembers(job: ListedJob) {
  return {
    printerId: job.printer.id,
    printerName: job.printer.name,
    creatorId: job.creatorId,
    creatorType: job.creatorType,
    status: job.status,
    queueState: job.status === 'IN_PROGRESS' || job.status === 'WAITING_SMARTCARD' ? 'STARTED' : job.status,
    createdOn: new Date(job.createdAtMs).toISOString(),
    updatedOn: new Date(job.updatedAtMs).toISOString(),
  };
}
