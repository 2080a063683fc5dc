import type { AuditEvent } from '../audit-event.js';
import { cefOf } from './cef.js';
import { ocsfOf } from './ocsf.js';

/** How audit events stand in the log. */
export const AUDIT_FORMATS = ['json', 'ocsf', 'cef'] as const;

export type AuditFormat = (typeof AUDIT_FORMATS)[number];

/** Writes an event of this version of the gateway as a line; undefined where it stands in the log as all other entries do. */
export function lineOf(format: AuditFormat, version: string): ((event: AuditEvent) => string) | undefined {
  if (format === 'ocsf') return (event) => JSON.stringify(ocsfOf(event, version));
  return format === 'cef' ? (event) => cefOf(event, version) : undefined;
}
