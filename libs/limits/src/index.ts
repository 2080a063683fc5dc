export { CardQuota } from './card-quota.js';
export { LimitsConfig } from './limits.config.js';
export { LimitsModule } from './limits.module.js';
export { CardQuotaExceeded } from './limits.problems.js';
