export type { Logger } from 'pino';
export { AuditChannel } from './audit-channel.js';
export { LogConfig } from './log.config.js';
export { createLog } from './log.js';
export { Metrics } from './metrics.js';
export { NestLog } from './nest-log.js';
export {
  beginRequest,
  currentTraceparent,
  noteUpstreamCall,
  traced,
  tracedNow,
  type RequestContext,
} from './request-context.js';
export { spansTo, type Spans } from './spans.js';
export { TraceConfig } from './trace.config.js';
export { TelemetryModule } from './telemetry.module.js';
