export type { ApiDocument } from './api-document.js';
export { apiDocumentFault } from './api-document-fault.js';
export { contractChanges } from './contract-changes.js';
export { holdsCardData } from './card-data.js';
export { FEATURES, type Feature } from './feature.js';
export {
  digestOf,
  identityKey,
  identityOf,
  identityParts,
  isSameIdentity,
  tenantKey,
  type Identity,
} from './identity.js';
export { JOB_SCOPES, type JobScope } from './job-scope.js';
export { PERMISSIONS, type Permission } from './permission.js';
export { PrintStatusId } from './print-status-id.js';
export { isConversation, isFinalStatus, PRINT_STATUSES } from './print-status.js';
export { PrinterId } from './printer-id.js';
export { canonicalResourceId, RESOURCE_ID_PATTERN } from './resource-id.js';
