export type { Actor, AuditEvent } from './audit-event.js';
export { AuditConfig } from './audit.config.js';
export { AuditLog } from './audit.log.js';
export { AuditModule } from './audit.module.js';
