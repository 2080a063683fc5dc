import type { PrintStatusId } from '#libs/contract';
import type { StoredResponse } from '#libs/idempotency';
import { membersOf, passedOn } from './newer-members.js';

const PRINTED = 200;
const UPDATED = 202;
const RESUMED = 200;

/** The vendor's answer to a print; with what else the upstream said, where that is known. */
export function printedResponse(id: PrintStatusId, answer?: unknown): StoredResponse {
  return { status: PRINTED, body: printOperationResponse(id, answer) };
}

/** The vendor's answer to an update. */
export function updatedResponse(id: PrintStatusId): StoredResponse {
  return { status: UPDATED, body: printOperationResponse(id) };
}

/** The vendor's answer to a resumption. */
export function resumedResponse(id: PrintStatusId): StoredResponse {
  return { status: RESUMED, body: JSON.stringify({ printJobId: id }) };
}

/** `PrintOperationResponse`, with the gateway's own status path instead of the upstream's address. */
function printOperationResponse(id: PrintStatusId, answer?: unknown): string {
  const { printStatus, ...others } = membersOf(answer);
  const { id: _id, link: _link, ...beside } = membersOf(printStatus);
  const status = { id, link: `/api/web/v1/printers/print/${id}`, ...passedOn(beside) };
  return JSON.stringify({ printStatus: status, ...passedOn(others) });
}
