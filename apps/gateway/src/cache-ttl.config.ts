import type { Lifetime } from '#libs/cache';
import { integer, Setting } from '#libs/config';

const milliseconds = integer(0, 31_536_000_000);

/** How long each kind of answer is kept: all of it in one place. */
export class CacheTtlConfig {
  @Setting({
    name: 'COUNTS_FRESH_MS',
    kind: milliseconds,
    default: '30000',
    meaning: 'print counts are fresh',
  })
  readonly countsFreshMs!: number;

  @Setting({
    name: 'COUNTS_STALE_MS',
    kind: milliseconds,
    default: '300000',
    meaning: 'print counts may be served stale after that, while one request fetches new ones',
  })
  readonly countsStaleMs!: number;

  @Setting({
    name: 'COUNTS_STALE_ON_ERROR_MS',
    kind: milliseconds,
    default: '3600000',
    meaning: 'print counts may be served stale after they were fresh, when the upstream fails',
  })
  readonly countsStaleOnErrorMs!: number;

  @Setting({
    name: 'PRINTERS_FRESH_MS',
    kind: milliseconds,
    default: '2000',
    meaning: 'printers are fresh, and a printer that the upstream does not know is not asked for again',
  })
  readonly printersFreshMs!: number;

  @Setting({
    name: 'PRINTERS_STALE_MS',
    kind: milliseconds,
    default: '30000',
    meaning: 'printers may be served stale after that, while one request fetches them anew',
  })
  readonly printersStaleMs!: number;

  @Setting({
    name: 'PRINTERS_STALE_ON_ERROR_MS',
    kind: milliseconds,
    default: '300000',
    meaning: 'printers may be served stale after they were fresh, when the upstream fails',
  })
  readonly printersStaleOnErrorMs!: number;

  @Setting({
    name: 'STATUS_FRESH_MS',
    kind: milliseconds,
    default: '1000',
    meaning: 'the status of a job that still changes is fresh; WAITING_SMARTCARD is never kept',
  })
  readonly statusFreshMs!: number;

  @Setting({
    name: 'STATUS_STALE_ON_ERROR_MS',
    kind: milliseconds,
    default: '30000',
    meaning: 'such a status may be served stale after it was fresh, when the upstream fails',
  })
  readonly statusStaleOnErrorMs!: number;

  @Setting({
    name: 'LISTED_STATUS_FRESH_MS',
    kind: milliseconds,
    default: '5000',
    meaning: 'such a status is fresh in a list of jobs',
  })
  readonly listedStatusFreshMs!: number;

  @Setting({
    name: 'FINAL_STATUS_FRESH_MS',
    kind: milliseconds,
    default: '86400000',
    meaning: 'COMPLETED, FAILED and CANCELLED are fresh',
  })
  readonly finalStatusFreshMs!: number;

  @Setting({
    name: 'UNKNOWN_JOB_MS',
    kind: milliseconds,
    default: '5000',
    meaning: 'a job that the upstream does not know is not asked for again',
  })
  readonly unknownJobMs!: number;

  get counts(): Lifetime {
    return {
      freshMs: this.countsFreshMs,
      staleWhileRevalidateMs: this.countsStaleMs,
      staleIfErrorMs: this.countsStaleOnErrorMs,
    };
  }

  get printers(): Lifetime {
    return {
      freshMs: this.printersFreshMs,
      staleWhileRevalidateMs: this.printersStaleMs,
      staleIfErrorMs: this.printersStaleOnErrorMs,
    };
  }

  get finalStatus(): Lifetime {
    return { freshMs: this.finalStatusFreshMs, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };
  }

  get changingStatus(): Lifetime {
    return {
      freshMs: this.statusFreshMs,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: this.statusStaleOnErrorMs,
    };
  }
}
