import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AuditLog } from './audit.log.js';
import { AuditRetention } from './audit.retention.js';
import { UnwrittenDone, UnwrittenRefused } from './unwritten-events.js';

@Module({ providers: [UnwrittenDone, UnwrittenRefused, AuditLog, AuditRetention], exports: [AuditLog] })
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
