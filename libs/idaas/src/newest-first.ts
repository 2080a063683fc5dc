import { createdAtOf } from './print-job.js';

/**
 * Watches whether pages come newest first. An upstream may ignore the order that it is asked for; to stop at the first old job would
 * then miss the new ones.
 */
export class NewestFirst {
  private newestMs: number | undefined;
  private oldestMs: number | undefined;

  /** Whether this page is in order. Pages may overlap, when jobs are created while they are read. */
  isKeptBy(records: readonly unknown[]): boolean {
    const times = records.map(createdAtOf).filter((time) => time !== undefined);
    this.newestMs ??= times[0];
    this.oldestMs = times.at(-1) ?? this.oldestMs;
    return times.every((time, at) => at === 0 || time <= (times[at - 1] as number));
  }

  /** Whether all that follows is older than that. Never before a job was older than the first one: that alone shows the order. */
  hasPassed(fromMs: number): boolean {
    const { newestMs, oldestMs } = this;
    return newestMs !== undefined && oldestMs !== undefined && oldestMs < fromMs && oldestMs < newestMs;
  }
}
