import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '#libs/telemetry';

/** Whether it can be found out what became of prints, and why not: for the log, the metrics, and `/health/ready`. */
@Injectable()
export class ResolutionState {
  private readonly log = new Logger('UnknownPrints');
  private why: string | undefined;

  constructor(metrics: Metrics) {
    const help = '1 while unknown prints wait for a person, because nothing can be concluded.';
    metrics.gauge('resolution_off', help, () => Number(this.why !== undefined));
  }

  /** Undefined while all can be found out. */
  get obstacle(): string | undefined {
    return this.why;
  }

  setBlocker(obstacle: string | undefined): void {
    if (this.why === obstacle) return;
    this.why = obstacle;
    if (obstacle === undefined) this.log.log('prints of unknown outcome are being resolved again');
    else this.log.warn({ obstacle }, 'prints of unknown outcome wait for a person');
  }
}
