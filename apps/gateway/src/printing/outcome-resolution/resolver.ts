import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InFlightSubmissions } from '#libs/idempotency';
import { Store } from '#libs/store';
import { Metrics } from '#libs/telemetry';
import { PrinterQueue } from '../printer-queue.js';
import { LateJobs } from './late-jobs.js';
import { ResolutionConfig } from './resolution.config.js';
import { SettlementService } from './settlement.service.js';

const ROUND = 'resolution:round';

/** Looks for what gateways that died have left open, and has it settled by whoever gets the turn of its printer. */
@Injectable()
export class UnknownPrintsResolver implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('UnknownPrints');
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;
  private unknownCount = 0;

  constructor(
    private readonly inFlight: InFlightSubmissions,
    private readonly queue: PrinterQueue,
    private readonly settlements: SettlementService,
    private readonly lateJobs: LateJobs,
    private readonly store: Store,
    private readonly config: ResolutionConfig,
    metrics: Metrics,
  ) {
    const help = 'Prints and updates of unknown outcome, over all gateways.';
    metrics.gauge('unknown_outcomes', help, () => this.unknownCount);
  }

  onApplicationBootstrap(): void {
    this.later();
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    clearTimeout(this.timer);
  }

  private later(): void {
    if (!this.isStopping) this.timer = setTimeout(() => void this.turn(), this.config.intervalMs).unref();
  }

  private async turn(): Promise<void> {
    await this.tried(() => this.round(), 'The prints of unknown outcome could not be listed');
    await this.tried(() => this.roundForAll(), 'What was settled could not be looked after');
    this.later();
  }

  private async tried(round: () => Promise<void>, failure: string): Promise<void> {
    await round().catch((error: unknown) => {
      this.log.debug({ err: error }, `${failure}; it is tried again.`);
    });
  }

  /** What one gateway does for all. */
  private async roundForAll(): Promise<void> {
    if (!this.store.isUp) return;
    if (!(await this.store.setIfAbsent(ROUND, '', this.config.intervalMs))) return;
    await this.settlements.finishLeft();
    await this.lateJobs.look();
  }

  private async round(): Promise<void> {
    if (!this.store.isUp) return;
    const { submissions } = await this.inFlight.listInFlight();
    this.unknownCount = submissions.filter(({ isRunning }) => !isRunning).length;
    const prints = submissions.filter(({ operation }) => operation === 'print');
    for (const printerId of new Set(prints.map(({ target }) => target)))
      if (await this.inFlight.hasInFlightAt(printerId)) this.queue.settleLeft(printerId);
  }
}
