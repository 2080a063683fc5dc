import { integer, Setting } from '#libs/config';

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
}
