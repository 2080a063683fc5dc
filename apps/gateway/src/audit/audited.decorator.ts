import type { AuditEvent } from '#libs/audit';
import { routeConfig } from '#libs/policy';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is told of a request to this route; routes without it change nothing. */
    audited?: AuditEvent['operation'];
  }
}

/** Each answer of this route, whatever it is, becomes an audit event. */
export function Audited(operation: AuditEvent['operation']): MethodDecorator {
  return routeConfig({ audited: operation });
}
