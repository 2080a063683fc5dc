import type { Store, Write, WriteBehind } from '#libs/store';
import type { AuditChannel, Metrics } from '#libs/telemetry';
import type { AuditEvent } from './audit-event.js';
import type { AuditConfig } from './audit.config.js';
import { TenantLabels } from './tenant-labels.js';

/** What changed something, or may have; and what changed nothing. */
const STREAMS = { done: 'audit', refused: 'audit:refused' } as const;

/** A queue for each stream, for what must wait until the shared state is back. */
export type UnwrittenEvents = Readonly<Record<keyof typeof STREAMS, WriteBehind>>;

/**
 * Tells who did what, in a channel of the log and in two bounded streams of the shared state: what was refused is cheap to cause, and
 * must not push out what was done, neither from a stream nor from a queue.
 */
export class AuditLog {
  private readonly count: ReturnType<Metrics['counter']>;
  private readonly countOfTenant: ReturnType<Metrics['counter']>;
  private readonly tenants = new TenantLabels();
  private readonly lengths: Readonly<Record<keyof typeof STREAMS, number>>;

  constructor(
    private readonly channel: AuditChannel,
    private readonly store: Store,
    private readonly unwritten: UnwrittenEvents,
    { streamLength, refusedStreamLength }: AuditConfig,
    metrics: Metrics,
  ) {
    this.lengths = { done: streamLength, refused: refusedStreamLength };
    const labels = ['operation', 'outcome', 'problem'];
    this.count = metrics.counter('operations_total', 'Audited operations, by how they ended.', labels);
    const help = 'Audited operations of callers, by tenant: the first hundred by name.';
    const ofTenant = ['tenant', 'operation', 'outcome'];
    this.countOfTenant = metrics.counter('tenant_operations_total', help, ofTenant);
  }

  /**
   * Does not wait and never throws: the stream is written later when it cannot be now. `effect` is `none` where it is certain that
   * nothing was changed, and `kept` where it is written with the change itself, by `writeOf`.
   */
  record(event: AuditEvent, effect: 'possible' | 'none' | 'kept'): void {
    this.channel.write(event);
    const { by, operation, outcome, problem } = event;
    this.count({ operation, outcome, problem: problem ?? '' }).inc();
    if (by !== 'gateway')
      this.countOfTenant({ tenant: this.tenants.of(by.tenant), operation, outcome }).inc();
    if (effect !== 'kept') this.append(event, effect === 'none' ? 'refused' : 'done');
  }

  /** The event of what is done, as a part of the change of the Store that keeps it. */
  writeOf(event: AuditEvent): Write {
    return { append: STREAMS.done, record: JSON.stringify(event), maxLength: this.lengths.done };
  }

  /** For an event that was logged and counted, and could not be kept with its change. */
  appendDone(event: AuditEvent): void {
    this.append(event, 'done');
  }

  private append(event: AuditEvent, kind: keyof typeof STREAMS): void {
    const record = JSON.stringify(event);
    void this.unwritten[kind].write('an audit event', () =>
      this.store.append(STREAMS[kind], record, this.lengths[kind]),
    );
  }
}
