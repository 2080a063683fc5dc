import { integer, oneOf, Setting } from '#libs/config';
import { AUDIT_FORMATS, type AuditFormat } from './formats/audit-format.js';

const DAY_MS = 86_400_000;

export class AuditConfig {
  @Setting({
    name: 'AUDIT_STREAM_LENGTH',
    kind: integer(1, 100_000_000),
    default: '100000',
    meaning: 'how many audit events of what was done the stream in Redis keeps; the log has all of them',
  })
  readonly streamLength!: number;

  @Setting({
    name: 'AUDIT_REFUSED_STREAM_LENGTH',
    kind: integer(1, 100_000_000),
    default: '10000',
    meaning: 'how many audit events of what changed nothing, such as refusals, a second stream keeps',
  })
  readonly refusedStreamLength!: number;

  @Setting({
    name: 'AUDIT_RETENTION_DAYS',
    kind: integer(1, 3_650),
    default: '90',
    meaning:
      'how long an audit event stays in these streams at most; it is looked for older ones once an hour',
  })
  readonly retentionDays!: number;

  @Setting({
    name: 'AUDIT_FORMAT',
    kind: oneOf(...AUDIT_FORMATS),
    default: 'json',
    meaning:
      'how audit events stand in the log: as `json` like all other lines, or for a SIEM, as `ocsf` (API Activity, JSON) or `cef`; in Redis they are JSON',
  })
  readonly format!: AuditFormat;

  get retentionMs(): number {
    return this.retentionDays * DAY_MS;
  }
}
