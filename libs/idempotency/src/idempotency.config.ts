import { integer, Setting } from '#libs/config';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export class IdempotencyConfig {
  @Setting({
    name: 'IDEMPOTENCY_LEASE_MS',
    kind: integer(100, 600_000),
    default: '10000',
    meaning: 'how long a key is held before its request is sent; what a gateway that dies then costs',
  })
  readonly leaseMs!: number;

  @Setting({
    name: 'IDEMPOTENCY_COMPLETED_HOURS',
    kind: integer(1, 8_760),
    default: '24',
    meaning: 'how long an answer is replayed under its key',
  })
  readonly completedHours!: number;

  @Setting({
    name: 'IDEMPOTENCY_UNKNOWN_DAYS',
    kind: integer(1, 3_650),
    default: '30',
    meaning: 'how long a key of unknown outcome is kept for somebody to settle it',
  })
  readonly unknownDays!: number;

  get completedMs(): number {
    return this.completedHours * HOUR_MS;
  }

  get unknownMs(): number {
    return this.unknownDays * DAY_MS;
  }
}
