import type { PrintStatusId } from '#libs/contract';
import type { StoredResponse } from '#libs/idempotency';

const PRINTED = 200;
const UPDATED = 202;
const RESUMED = 200;

/** The vendor's answer to a print. */
export function printedResponse(id: PrintStatusId): StoredResponse {
  return { status: PRINTED, body: printOperationResponse(id) };
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
function printOperationResponse(id: PrintStatusId): string {
  return JSON.stringify({ printStatus: { id, link: `/api/web/v1/printers/print/${id}` } });
}
