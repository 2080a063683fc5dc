import { Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Store, WriteBehind } from '#libs/store';
import { AuditChannel, Metrics } from '#libs/telemetry';
import { AuditConfig } from './audit.config.js';
import { AuditLog } from './audit.log.js';

/** A queue of its own: what a crowd is refused must not stand in the way of what a card's safety needs. */
class UnwrittenEvents extends WriteBehind {}

const log: Provider = {
  provide: AuditLog,
  inject: [AuditChannel, Store, UnwrittenEvents, AuditConfig, Metrics],
  useFactory: (
    channel: AuditChannel,
    store: Store,
    unwritten: UnwrittenEvents,
    config: AuditConfig,
    metrics: Metrics,
  ) => new AuditLog(channel, store, unwritten, config, metrics),
};

@Module({ providers: [UnwrittenEvents, log], exports: [AuditLog] })
export class AuditModule implements OnApplicationShutdown {
  constructor(private readonly unwritten: UnwrittenEvents) {}

  onApplicationShutdown(): Promise<void> {
    return this.unwritten.close();
  }
}
