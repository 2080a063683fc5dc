import { Injectable } from '@nestjs/common';
import { Store } from '#libs/store';
import { AuditConfig } from './audit.config.js';
import { AUDIT_STREAMS } from './audit.log.js';

const EVERY_MS = 3_600_000;
const AGAIN_AFTER_MS = 5_000;

/** Takes events out of the streams that are older than they may be, also where no new ones push them out: at the start, and each hour. */
@Injectable()
export class AuditRetention {
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private readonly store: Store,
    private readonly config: AuditConfig,
  ) {}

  start(): void {
    void this.turn();
  }

  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  /** Throws `StoreUnavailable`. */
  async trim(): Promise<void> {
    for (const stream of Object.values(AUDIT_STREAMS))
      await this.store.dropOlder(stream, this.config.retentionMs);
  }

  private async turn(): Promise<void> {
    const nextMs = await this.trim().then(
      () => EVERY_MS,
      () => AGAIN_AFTER_MS,
    );
    if (!this.isOver) this.timer = setTimeout(() => void this.turn(), nextMs).unref();
  }
}
