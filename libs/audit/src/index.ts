export type { Actor, AuditEvent } from './audit-event.js';
export { AuditConfig } from './audit.config.js';
export { erasedFrom } from './audit-erasure.js';
export { AUDIT_STREAMS, AuditLog, auditWrite } from './audit.log.js';
export { lineOf } from './formats/audit-format.js';
export { AuditModule } from './audit.module.js';
