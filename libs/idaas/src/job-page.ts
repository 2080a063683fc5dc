import { UpstreamInvalidResponse } from './idaas.problems.js';

const MAX_CURSOR_LENGTH = 4_096;

/** What the gateway reads of the vendor's `PrintQueuePaging` (issuance-api 5.46). */
export interface JobPage {
  readonly records: readonly unknown[];
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

/** Throws `UpstreamInvalidResponse` for what is no page. */
export function readJobPage(value: unknown): JobPage {
  const { paging, printJobs } = Object(value) as Record<string, unknown>;
  if (!Array.isArray(printJobs)) throw new UpstreamInvalidResponse('is no page of print jobs');
  const { nextCursor } = Object(paging) as Record<string, unknown>;
  return { records: printJobs, nextCursor: cursorOf(nextCursor) };
}

function cursorOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || value.length > MAX_CURSOR_LENGTH)
    throw new UpstreamInvalidResponse('has a cursor that is none');
  return value;
}
