export { CardQuota, type CardReservation } from './card-quota.js';
export { FairGate } from './fair-gate.js';
export { LimitsConfig } from './limits.config.js';
export { LimitsModule } from './limits.module.js';
export { GatewayBusy, RateExceeded } from './limits.problems.js';
export { FairRoom, type Member, type Occupant } from './fair-room.js';
export { MemberUsage } from './member-usage.js';
export { PacedRate } from './paced-rate.js';
export { RequestRate } from './request-rate.js';
