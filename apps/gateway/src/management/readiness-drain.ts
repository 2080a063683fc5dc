import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Metrics } from '#libs/telemetry';
import { StopConfig } from './stop.config.js';

/** The first thing when the gateway is told to stop: it says so, and serves on until everybody has heard it. */
@Injectable()
export class ReadinessDrain implements OnModuleDestroy {
  private hasBegun = false;

  constructor(
    private readonly config: StopConfig,
    metrics: Metrics,
  ) {
    metrics.gauge('draining', '1 when the gateway is about to stop.', () => Number(this.hasBegun));
  }

  /** Whether the gateway is about to stop: new work should go elsewhere. */
  get isDraining(): boolean {
    return this.hasBegun;
  }

  /** Nest waits for it before anything else is told to stop. */
  async onModuleDestroy(): Promise<void> {
    this.hasBegun = true;
    await delay(this.config.graceMs);
  }
}
