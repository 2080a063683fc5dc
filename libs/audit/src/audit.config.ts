import { integer, Setting } from '#libs/config';

export class AuditConfig {
  @Setting({
    name: 'AUDIT_STREAM_LENGTH',
    kind: integer(1, 100_000_000),
    default: '100000',
    meaning: 'how many audit events the stream in Redis keeps; the log has all of them',
  })
  readonly streamLength!: number;
}
