export { CardQuota } from './card-quota.js';
export { FairGate } from './fair-gate.js';
export { LimitsConfig } from './limits.config.js';
export { LimitsModule } from './limits.module.js';
export { GatewayBusy } from './limits.problems.js';
export { RequestRate } from './request-rate.js';
