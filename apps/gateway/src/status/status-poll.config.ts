import { integer, Setting } from '#libs/config';

/** How often jobs are looked at that somebody follows. */
export class StatusPollConfig {
  @Setting({
    name: 'WATCH_INTERVAL_MS',
    kind: integer(50, 60_000),
    default: '1000',
    meaning: 'how often a job that somebody follows is looked at while it moves',
  })
  readonly watchIntervalMs!: number;

  @Setting({
    name: 'WATCH_SLOWEST_MS',
    kind: integer(50, 600_000),
    default: '10000',
    meaning: 'how often at least, however long it stays in its queue',
  })
  readonly watchSlowestMs!: number;
}
