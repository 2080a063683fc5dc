import type { AuditEvent } from '../audit-event.js';

/** As whose events a SIEM knows them. */
export const VENDOR = 'Print Gateway';
export const PRODUCT = 'IDaaS Print Gateway';

export type Severity = 'informational' | 'low' | 'medium' | 'high';

/** How urgent it is: a job that shows up late may be a second card. */
export function severityOf({ outcome }: AuditEvent): Severity {
  if (outcome === 'late-job') return 'high';
  if (outcome === 'failed') return 'medium';
  return outcome === 'refused' ? 'low' : 'informational';
}

/** Whether what was asked for was done. */
export function statusOf(outcome: AuditEvent['outcome']): 'success' | 'failure' | 'other' {
  if (outcome === 'late-job') return 'other';
  return outcome === 'refused' || outcome === 'failed' ? 'failure' : 'success';
}
