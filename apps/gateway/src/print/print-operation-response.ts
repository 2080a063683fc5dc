import type { PrintStatusId } from '#libs/contract';

/** The vendor's `PrintOperationResponse`, with the gateway's own status path instead of the upstream's address. */
export function printOperationResponse(id: PrintStatusId) {
  return { printStatus: { id, link: `/api/web/v1/printers/print/${id}` } };
}
