import { integer, Setting } from '#libs/config';

const DAY_MS = 86_400_000;

export class JobsConfig {
  @Setting({
    name: 'JOBS_RETENTION_DAYS',
    kind: integer(1, 3_650),
    default: '30',
    meaning: 'how long it is known whose job it is; after that only roles with `jobs: any` see it',
  })
  readonly retentionDays!: number;

  @Setting({
    name: 'JOBS_PROCESS_ENTRIES',
    kind: integer(1, 10_000_000),
    default: '200000',
    meaning: 'how many jobs’ owners a process keeps in its own memory',
  })
  readonly processEntries!: number;

  get retentionMs(): number {
    return this.retentionDays * DAY_MS;
  }
}
