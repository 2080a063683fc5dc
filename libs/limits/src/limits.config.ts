import { integer, Setting, type SettingKind } from '#libs/config';

const timeZone: SettingKind<string> = {
  expected: 'the name of a time zone such as Europe/Berlin',
  parse(text) {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
    } catch {
      return undefined;
    }
  },
};

export class LimitsConfig {
  @Setting({
    name: 'QUOTA_TIME_ZONE',
    kind: timeZone,
    default: 'UTC',
    meaning: 'where it is midnight when a day’s quota of cards begins anew',
  })
  readonly timeZone!: string;

  @Setting({
    name: 'UPSTREAM_PARALLEL',
    kind: integer(1, 10_000),
    default: '64',
    meaning:
      'how many calls to the upstream beside prints run at the same time; beyond it callers wait, fairly by tenant and by user',
  })
  readonly parallel!: number;

  @Setting({
    name: 'UPSTREAM_PARALLEL_PRINTS',
    kind: integer(1, 10_000),
    default: '64',
    meaning: 'how many prints are sent to the upstream at the same time; the same holds for them',
  })
  readonly parallelPrints!: number;

  @Setting({
    name: 'UPSTREAM_WAITING',
    kind: integer(0, 100_000),
    default: '1000',
    meaning:
      'how many prints, and how many other calls, wait for their turn; when all places are taken, the tenant with the most gives up its newest (503) for one with fewer',
  })
  readonly waiting!: number;

  @Setting({
    name: 'UPSTREAM_WAIT_MS',
    kind: integer(1, 60_000),
    default: '5000',
    meaning: 'how long one waits for its turn',
  })
  readonly waitMs!: number;
}
