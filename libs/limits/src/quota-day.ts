const HOUR_MS = 3_600_000;
/** Days begin and end at quarters of an hour, in every time zone since 1980 (IANA). */
const QUARTER_MS = HOUR_MS / 4;
/** No day is longer, not even one on which a clock is set back. */
const LONGEST_DAY_MS = 26 * HOUR_MS;

/** Days as a time zone counts them (IANA names), from midnight to midnight. */
export class QuotaDays {
  private readonly format: Intl.DateTimeFormat;
  private last = { quarter: NaN, day: '' };

  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  }

  /** The date on which this moment falls, as `2026-01-31`. */
  dayOf(atMs: number): string {
    const quarter = Math.floor(atMs / QUARTER_MS);
    if (quarter !== this.last.quarter) this.last = { quarter, day: this.format.format(atMs) };
    return this.last.day;
  }

  /** The first moment of the next day, found by halving: no rule of the zone needs to be known. */
  nextDayStart(atMs: number): number {
    const today = this.dayOf(atMs);
    let [last, next] = [atMs, atMs + LONGEST_DAY_MS];
    while (next - last > 1) {
      const middle = Math.floor((last + next) / 2);
      if (this.dayOf(middle) === today) last = middle;
      else next = middle;
    }
    return next;
  }
}
