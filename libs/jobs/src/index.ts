export { erasingOwner, JOB_RECORDS, ownedJobOf } from './job-erasure.js';
export { keyOfJob } from './job-keys.js';
export type { JobRecord } from './job-record.js';
export { JobRegistry, type Page, type Place } from './job.registry.js';
export { JobsConfig } from './jobs.config.js';
export { JobRegistryModule } from './job-registry.module.js';
