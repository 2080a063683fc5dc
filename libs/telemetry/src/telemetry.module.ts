import { Module, type DynamicModule } from '@nestjs/common';
import { AuditChannel } from './audit-channel.js';
import type { Log } from './log.js';
import { Metrics } from './metrics.js';

/** Makes the log's channels and the metrics injectable, everywhere. */
@Module({})
export class TelemetryModule {
  static forRoot(log: Log, metrics: Metrics): DynamicModule {
    const providers = [
      { provide: AuditChannel, useValue: new AuditChannel(log) },
      { provide: Metrics, useValue: metrics },
    ];
    return { module: TelemetryModule, global: true, providers, exports: providers };
  }
}
