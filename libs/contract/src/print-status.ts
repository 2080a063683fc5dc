/** Statuses of a job (issuance-api 5.46, `BasicPrintResponse.status`); a newer upstream may name others. */
export const PRINT_STATUSES = [
  'QUEUED',
  'WAITING_SMARTCARD',
  'IN_PROGRESS',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'UNKNOWN',
  'AWAITING_PRINT',
] as const;

/** Statuses after which a job changes no more. */
const FINAL = new Set<unknown>(['COMPLETED', 'FAILED', 'CANCELLED']);

/** Whether a job in this status changes no more; a status nobody knows may change. */
export function isFinalStatus(status: unknown): boolean {
  return FINAL.has(status);
}

/** Whether the job is in a conversation with a chip, where an old status would break the card. */
export function isConversation(status: unknown): boolean {
  return status === 'WAITING_SMARTCARD';
}
