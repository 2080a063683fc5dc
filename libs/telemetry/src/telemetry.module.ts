import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditChannel } from './audit-channel.js';

/** Makes the channels of the process's log injectable, everywhere. */
@Module({})
export class TelemetryModule {
  static of(log: Logger): DynamicModule {
    const providers = [{ provide: AuditChannel, useValue: new AuditChannel(log) }];
    return { module: TelemetryModule, global: true, providers, exports: providers };
  }
}
