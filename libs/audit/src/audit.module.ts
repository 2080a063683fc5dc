import { Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Store, WriteBehind } from '#libs/store';
import { AuditChannel, Metrics } from '#libs/telemetry';
import { AuditConfig } from './audit.config.js';
import { AuditLog } from './audit.log.js';

/** Queues of their own: what a crowd is refused must not stand in the way of what a card's safety needs. */
class UnwrittenDone extends WriteBehind {}
class UnwrittenRefused extends WriteBehind {}

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

@Module({ providers: [UnwrittenDone, UnwrittenRefused, log], exports: [AuditLog] })
export class AuditModule implements OnApplicationShutdown {
  constructor(
    private readonly done: UnwrittenDone,
    private readonly refused: UnwrittenRefused,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.done.close(), this.refused.close()]);
  }
}
