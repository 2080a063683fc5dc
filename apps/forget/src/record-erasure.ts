import { auditWrite, lineOf, type AuditConfig, type AuditEvent } from '#libs/audit';
import type { Store } from '#libs/store';
import { buildVersion } from '#libs/telemetry';
import { staysOf, type Erased } from './erasure.js';

/** As pino numbers it. */
const INFO = 30;

/**
 * Adds to the audit that somebody was erased, and nothing that says who; gives it back as the line that a gateway would write into its log. Throws
 * `StoreUnavailable`.
 */
export async function recordErasure(erased: Erased, store: Store, config: AuditConfig): Promise<string> {
  const { jobs, events, counters } = erased;
  const event: AuditEvent = {
    at: new Date().toISOString(),
    by: 'operator',
    operation: 'forget',
    outcome: 'done',
    erased: { jobs, events, counters, staying: staysOf(erased) },
  };
  await store.commit({ conditions: [], writes: [auditWrite(event, config)] });
  const line = lineOf(config.format, buildVersion());
  return line?.(event) ?? JSON.stringify({ level: INFO, time: Date.now(), channel: 'audit', ...event });
}
