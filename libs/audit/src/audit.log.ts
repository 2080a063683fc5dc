import { Injectable } from '@nestjs/common';
import { Store, type DeferredWrites, type Write } from '#libs/store';
import { AuditChannel, buildVersion, Metrics, type Counter } from '#libs/telemetry';
import type { AuditEvent } from './audit-event.js';
import { AuditConfig } from './audit.config.js';
import { lineOf } from './formats/audit-format.js';
import { TenantLabels } from './tenant-labels.js';
import { UnwrittenDone, UnwrittenRefused } from './unwritten-events.js';

/** What changed something, or may have; and what changed nothing. */
export const AUDIT_STREAMS = { done: 'audit', refused: 'audit:refused' } as const;

/**
 * Tells who did what, in a channel of the log and in two bounded streams of the shared state: what was refused is cheap to cause, and
 * must not push out what was done, neither from a stream nor from a queue.
 */
@Injectable()
export class AuditLog {
  private readonly count: Counter<'operation' | 'outcome' | 'problem'>;
  private readonly countOfTenant: Counter<'tenant' | 'operation' | 'outcome'>;
  private readonly tenants = new TenantLabels();
  /** Undefined writes it as an entry of the log. */
  private readonly lineOf: ReturnType<typeof lineOf>;
  /** A queue for each stream, for what must wait until the shared state is back. */
  private readonly unwritten: Readonly<Record<keyof typeof AUDIT_STREAMS, DeferredWrites>>;
  private readonly lengths: Readonly<Record<keyof typeof AUDIT_STREAMS, number>>;

  constructor(
    private readonly channel: AuditChannel,
    private readonly store: Store,
    done: UnwrittenDone,
    refused: UnwrittenRefused,
    { streamLength, refusedStreamLength, format }: AuditConfig,
    metrics: Metrics,
  ) {
    this.unwritten = { done, refused };
    this.lengths = { done: streamLength, refused: refusedStreamLength };
    this.lineOf = lineOf(format, buildVersion());
    const labels = ['operation', 'outcome', 'problem'] as const;
    this.count = metrics.counter('operations_total', 'Audited operations, by how they ended.', labels);
    const help = 'Audited operations of callers, by tenant: the first hundred by name.';
    const ofTenant = ['tenant', 'operation', 'outcome'] as const;
    this.countOfTenant = metrics.counter('tenant_operations_total', help, ofTenant);
  }

  /**
   * Told and counted at once. Never rejects; resolves when it stands in the stream, or waits until it can: nothing need wait for it but an answer that
   * says that something was done. `effect` is `none` where it is certain that
   * nothing was changed, and `kept` where it is written with the change itself, by `writeOf`.
   */
  async record(event: AuditEvent, effect: 'possible' | 'none' | 'kept'): Promise<void> {
    if (this.lineOf) this.channel.writeLine(this.lineOf(event));
    else this.channel.write(event);
    const { by, operation, outcome, problem } = event;
    this.count.inc({ operation, outcome, problem: problem ?? '' });
    if (typeof by === 'object')
      this.countOfTenant.inc({ tenant: this.tenants.of(by.tenant), operation, outcome });
    if (effect !== 'kept') await this.append(event, effect === 'none' ? 'refused' : 'done');
  }

  /** The event of what is done, as a part of the change of the Store that keeps it. */
  writeOf(event: AuditEvent): Write {
    return auditWrite(event, { streamLength: this.lengths.done });
  }

  /** For an event that was logged and counted, and could not be kept with its change. */
  appendDone(event: AuditEvent): void {
    void this.append(event, 'done');
  }

  private append(event: AuditEvent, kind: keyof typeof AUDIT_STREAMS): Promise<void> {
    const record = JSON.stringify(event);
    return this.unwritten[kind].write('an audit event', () =>
      this.store.append(AUDIT_STREAMS[kind], record, this.lengths[kind]),
    );
  }
}

/** The event of what is done, as a part of a change of the Store. */
export function auditWrite(event: AuditEvent, { streamLength }: Pick<AuditConfig, 'streamLength'>): Write {
  return { append: AUDIT_STREAMS.done, record: JSON.stringify(event), maxLength: streamLength };
}
