export { AuditChannel } from './audit-channel.js';
export { LogConfig } from './log.config.js';
export { buildVersion } from './build-version.js';
export { createLog, type Log } from './log.js';
export { Metrics, type Counter, type Histogram } from './metrics.js';
export { NestLog } from './nest-log.js';
export {
  type ContextualRequest,
  type RequestClient,
  type RequestContext,
  type StreamedAnswer,
} from './request-context.js';
export { RepeatedLines } from './repeated-lines.js';
export { spansTo, type Spans } from './spans.js';
export { TraceConfig } from './trace.config.js';
export { TelemetryModule } from './telemetry.module.js';
export { beginRequest, traced, tracedCall, tracedNow, traceHeadersFrom } from './tracing.js';
