import { canonicalResourceId } from '#libs/contract';
import { UpstreamNonsense } from './idaas.problems.js';
import { parseVendorDate } from './vendor-date.js';

/** What the gateway reads of the vendor's `PrintJob` (issuance-api 5.46). */
export interface PrintJob {
  readonly id: string;
  readonly printerId: string;
  readonly creatorId: string;
  /** `USER` or `API`. */
  readonly creatorType: string;
  readonly createdAtMs: number;
}

/** Throws `UpstreamNonsense`: a job that is passed over would count as one that is not there. */
export function readPrintJob(value: unknown): PrintJob {
  const { id, printerId, creatorId, creatorType, createdOn } = Object(value) as Record<string, unknown>;
  const createdAtMs = parseVendorDate(createdOn);
  if (typeof id !== 'string' || createdAtMs === undefined)
    throw new UpstreamNonsense('lists a print job without id or time');
  return {
    id: idOf(id),
    printerId: idOf(printerId),
    creatorId: textOf(creatorId),
    creatorType: textOf(creatorType),
    createdAtMs,
  };
}

/** What the upstream calls an id is one, even where it looks like none. */
function idOf(value: unknown): string {
  return canonicalResourceId(value) ?? textOf(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
