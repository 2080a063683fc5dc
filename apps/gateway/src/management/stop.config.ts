import { integer, Setting, type CrossChecked } from '#libs/config';

export class StopConfig implements CrossChecked {
  @Setting({
    name: 'STOP_GRACE_MS',
    kind: integer(0, 600_000),
    default: '5000',
    meaning:
      'how long the gateway serves on after SIGTERM, not ready any more, so that no balancer sends it new requests when it stops',
  })
  readonly graceMs!: number;

  @Setting({
    name: 'STOP_DEADLINE_MS',
    kind: integer(100, 3_600_000),
    default: '60000',
    meaning:
      'how long stopping may take in all before the process ends with 1; longer than the grace and the longest print',
  })
  readonly deadlineMs!: number;

  faults(): string[] {
    return this.deadlineMs > this.graceMs
      ? []
      : ['STOP_DEADLINE_MS must be longer than STOP_GRACE_MS: no request could end in between'];
  }
}
