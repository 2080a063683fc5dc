import type { Store, WriteBehind } from '#libs/store';
import type { AuditChannel, Metrics } from '#libs/telemetry';
import type { AuditEvent } from './audit-event.js';
import type { AuditConfig } from './audit.config.js';

const AUDIT_STREAM = 'audit';

/** Tells who did what, in a channel of the log and in a bounded stream of the shared state. */
export class AuditLog {
  private readonly count: ReturnType<Metrics['counter']>;

  constructor(
    private readonly channel: AuditChannel,
    private readonly store: Store,
    private readonly unwritten: WriteBehind,
    private readonly config: AuditConfig,
    metrics: Metrics,
  ) {
    const labels = ['operation', 'outcome', 'problem'];
    this.count = metrics.counter('operations_total', 'Audited operations, by how they ended.', labels);
  }

  /** Does not wait and never throws: the stream is written later when it cannot be now. */
  record(event: AuditEvent): void {
    this.channel.write(event);
    this.count({ operation: event.operation, outcome: event.outcome, problem: event.problem ?? '' }).inc();
    const record = JSON.stringify(event);
    void this.unwritten.write('an audit event', () =>
      this.store.append(AUDIT_STREAM, record, this.config.streamLength),
    );
  }
}
