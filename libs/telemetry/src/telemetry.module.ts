import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditChannel } from './audit-channel.js';
import { Metrics } from './metrics.js';

/** Makes the log's channels and the metrics injectable, everywhere. */
@Module({})
export class TelemetryModule {
  static of(log: Logger, metrics: Metrics): DynamicModule {
    const providers = [
      { provide: AuditChannel, useValue: new AuditChannel(log) },
      { provide: Metrics, useValue: metrics },
    ];
    return { module: TelemetryModule, global: true, providers, exports: providers };
  }
}
