import {
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { Store, DeferredWrites } from '#libs/store';
import { AuditChannel, Metrics } from '#libs/telemetry';
import { AuditConfig } from './audit.config.js';
import { AuditLog } from './audit.log.js';
import { AuditRetention } from './audit.retention.js';

/** Queues of their own: what a crowd is refused must not stand in the way of what a card's safety needs. */
class UnwrittenDone extends DeferredWrites {}
class UnwrittenRefused extends DeferredWrites {}

const log: Provider = {
  provide: AuditLog,
  inject: [AuditChannel, Store, UnwrittenDone, UnwrittenRefused, AuditConfig, Metrics],
  useFactory: (
    channel: AuditChannel,
    store: Store,
    done: UnwrittenDone,
    refused: UnwrittenRefused,
    config: AuditConfig,
    metrics: Metrics,
  ) => new AuditLog(channel, store, { done, refused }, config, metrics),
};

const retention: Provider = {
  provide: AuditRetention,
  inject: [Store, AuditConfig],
  useFactory: (store: Store, { retentionMs }: AuditConfig) => new AuditRetention(store, retentionMs),
};

@Module({ providers: [UnwrittenDone, UnwrittenRefused, log, retention], exports: [AuditLog] })
export class AuditModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly done: UnwrittenDone,
    private readonly refused: UnwrittenRefused,
    private readonly retention: AuditRetention,
  ) {}

  onApplicationBootstrap(): void {
    this.retention.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.retention.stop();
    await Promise.all([this.done.close(), this.refused.close()]);
  }
}
