export type { StoredResponse } from './claim.machine.js';
export { ClaimRegistry, type OpenSubmission } from './claim.registry.js';
export { IdempotencyConfig } from './idempotency.config.js';
export { IdempotencyKey } from './idempotency-key.js';
export { timeOfKey } from './key-time.js';
export { infer, type Inference, type LeftJob } from './inference.js';
export { Once, type Done } from './once.js';
export type { Submission } from './submission.js';
