import { integer, oneOf, Setting } from '#libs/config';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export class IdempotencyConfig {
  @Setting({
    name: 'IDEMPOTENCY_LEASE_MS',
    kind: integer(100, 600_000),
    default: '10000',
    meaning: 'how long a key is held by a gateway that died before it sent the request',
  })
  readonly leaseMs!: number;

  @Setting({
    name: 'IDEMPOTENCY_MARGIN_MS',
    kind: integer(1_000, 600_000),
    default: '30000',
    meaning:
      'how much longer than its longest call a request may run before its gateway counts as dead; one that stops for a third of it before sending does not send',
  })
  readonly marginMs!: number;

  @Setting({
    name: 'IDEMPOTENCY_COMPLETED_HOURS',
    kind: integer(1, 8_760),
    default: '168',
    meaning:
      'how long an answer is replayed under its key; after that the same key prints again, but a key that carries a time (UUIDv7) longer ago is refused',
  })
  readonly completedHours!: number;

  @Setting({
    name: 'IDEMPOTENCY_UNKNOWN_DAYS',
    kind: integer(1, 3_650),
    default: '30',
    meaning: 'how long a key of unknown outcome is kept for somebody to settle it',
  })
  readonly unknownDays!: number;

  @Setting({
    name: 'PRINT_WITHOUT_REDIS',
    kind: oneOf('on', 'off'),
    default: 'off',
    meaning:
      'whether prints without a key and without a quota are sent while the Redis of `REDIS_URL` is away; `on` is for one gateway alone: with several, a caller can be given another’s card',
  })
  readonly printWithoutRedis!: 'on' | 'off';

  get completedMs(): number {
    return this.completedHours * HOUR_MS;
  }

  get unknownMs(): number {
    return this.unknownDays * DAY_MS;
  }
}
