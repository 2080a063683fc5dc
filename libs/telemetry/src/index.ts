export type { Logger } from 'pino';
export { AuditChannel } from './audit-channel.js';
export { LogConfig } from './log.config.js';
export { createLog } from './log.js';
export { Metrics } from './metrics.js';
export { NestLog } from './nest-log.js';
export { TelemetryModule } from './telemetry.module.js';
