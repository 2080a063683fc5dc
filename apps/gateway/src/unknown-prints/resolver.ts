import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ClaimRegistry, type OpenSubmission } from '#libs/idempotency';
import { Lease, Store, type GiveBack } from '#libs/store';
import { Metrics } from '#libs/telemetry';
import { ResolutionConfig } from './resolution.config.js';
import { Resolution } from './resolution.js';

const LEASE_MS = 3_000;
/** What is not found out within so long is not looked for as often any more. */
const RECENT_MS = 600_000;
const SELDOM_MS = 60_000;

/** Looks for prints of unknown outcome, also of gateways that died, and has them resolved: one gateway at a time per printer. */
@Injectable()
export class UnknownPrintsResolver implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('UnknownPrints');
  private readonly lease: Lease;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;
  private lastRoundAtMs = 0;
  private unknownCount = 0;
  /** Why nothing can be resolved at the moment. */
  private obstacle: string | undefined;

  constructor(
    private readonly claims: ClaimRegistry,
    private readonly resolution: Resolution,
    private readonly store: Store,
    private readonly config: ResolutionConfig,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'unknown_outcomes',
      'Prints and updates of unknown outcome, over all gateways.',
      () => this.unknownCount,
    );
    metrics.gauge(
      'resolution_off',
      '1 while unknown prints wait for a person, because nothing can be concluded.',
      () => Number(this.obstacle !== undefined),
    );
    this.lease = new Lease(store, LEASE_MS);
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
    await this.round().catch((error: unknown) => {
      this.meet(`it could not be asked: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.later();
  }

  private async round(): Promise<void> {
    if (!this.store.isUp) return;
    const all = await this.claims.listUnknown();
    this.unknownCount = all.length;
    const unknown = all.filter(({ operation }) => operation === 'print');
    if (!this.isDue(unknown)) return;
    this.lastRoundAtMs = Date.now();
    const leases = await this.takeOn(new Set(unknown.map(({ target }) => target)));
    try {
      if (leases.size > 0) this.meet(await this.resolution.resolve([...leases.keys()]));
    } finally {
      await Promise.all([...leases.values()].map((giveBack) => giveBack()));
    }
  }

  private isDue(unknown: readonly OpenSubmission[]): boolean {
    const now = Date.now();
    const isRecent = unknown.some(({ endsAtMs }) => now - endsAtMs < RECENT_MS + this.config.settleMs);
    return isRecent || (unknown.length > 0 && now - this.lastRoundAtMs > SELDOM_MS);
  }

  private async takeOn(printers: ReadonlySet<string>): Promise<Map<string, GiveBack>> {
    const taken = new Map<string, GiveBack>();
    for (const printer of printers) {
      const giveBack = await this.lease.take(`resolution:{${printer}}:lease`);
      if (giveBack) taken.set(printer, giveBack);
    }
    return taken;
  }

  private meet(obstacle: string | undefined): void {
    if (this.obstacle === obstacle) return;
    this.obstacle = obstacle;
    if (obstacle === undefined) this.log.log('prints of unknown outcome are being resolved again');
    else this.log.warn({ obstacle }, 'prints of unknown outcome wait for a person');
  }
}
