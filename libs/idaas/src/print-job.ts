import { canonicalResourceId } from '#libs/contract';
import { UpstreamInvalidResponse } from './idaas.problems.js';
import { parseVendorDate } from './vendor-date.js';

/** What the gateway reads of the vendor's `PrintJob` and `PrintJobRecord` (issuance-api 5.46). */
export interface PrintJob {
  readonly id: string;
  readonly printerId: string;
  readonly creatorId: string;
  /** `USER` or `API`. */
  readonly creatorType: string;
  readonly createdAtMs: number;
}

/** What names a job: `id` in the whole list; `jobId` on pages, where `id` is a number. */
export type JobIdMember = 'id' | 'jobId';

/** Throws `UpstreamInvalidResponse`: a job that is passed over would count as one that is not there. */
export function readPrintJob(value: unknown, idMember: JobIdMember): PrintJob {
  const record = membersOf(value);
  const id = record[idMember];
  const createdAtMs = createdAtOf(value);
  if (typeof id !== 'string' || createdAtMs === undefined)
    throw new UpstreamInvalidResponse('lists a print job without id or time');
  return {
    id: idOf(id),
    printerId: printerOf(value),
    creatorId: textOf(record.creatorId),
    creatorType: textOf(record.creatorType),
    createdAtMs,
  };
}

/** The printer of a job as the upstream lists it; empty where it names none. */
export function printerOf(value: unknown): string {
  return idOf(membersOf(value).printerId);
}

export function createdAtOf(value: unknown): number | undefined {
  return parseVendorDate(membersOf(value).createdOn);
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Record<string, unknown>;
}

/** What the upstream calls an id is one, even where it looks like none. */
function idOf(value: unknown): string {
  return canonicalResourceId(value) ?? textOf(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
