import type { AuditEvent } from '../audit-event.js';
import { PRODUCT, severityOf, statusOf, VENDOR, type Severity } from './event-class.js';

/** The version of the schema that events follow (https://schema.ocsf.io). */
const SCHEMA = '1.3.0';
const CATEGORY = 6;
const API_ACTIVITY = 6003;
const ACTIVITIES: Readonly<Record<AuditEvent['operation'], number>> = {
  print: 1,
  updatePrint: 3,
  resumePrintJob: 3,
  settle: 3,
  cancelPrint: 4,
  forget: 4,
};
const SEVERITIES: Readonly<Record<Severity, number>> = { informational: 1, low: 2, medium: 3, high: 4 };
const STATUSES = { success: [1, 'Success'], failure: [2, 'Failure'] } as const;
const OTHER_STATUS = 99;

/** An audit event as an event of OCSF, class API Activity (6003). What the class has no attribute for stands in `unmapped`. */
export function ocsfOf(event: AuditEvent, version: string): object {
  const {
    at,
    by,
    operation,
    outcome,
    problem,
    printerId,
    printStatusId,
    requestId,
    clientAddress,
    userAgent,
  } = event;
  const [statusId, status] = statusIdOf(outcome);
  const activity = ACTIVITIES[operation];
  return {
    activity_id: activity,
    category_uid: CATEGORY,
    class_uid: API_ACTIVITY,
    type_uid: API_ACTIVITY * 100 + activity,
    time: Date.parse(at),
    severity_id: SEVERITIES[severityOf(event)],
    status_id: statusId,
    status,
    status_code: outcome,
    status_detail: problem,
    metadata: {
      version: SCHEMA,
      product: { name: PRODUCT, vendor_name: VENDOR, version },
      log_name: 'audit',
      tenant_uid: typeof by === 'object' ? by.tenant : undefined,
    },
    actor: actorOf(by),
    api: {
      operation,
      service: { name: PRODUCT },
      request: requestId === undefined ? undefined : { uid: requestId },
    },
    src_endpoint: clientAddress === undefined ? { svc_name: PRODUCT } : { ip: clientAddress },
    http_request: userAgent === undefined ? undefined : { user_agent: userAgent },
    resources: [resource('printer', printerId), resource('print job', printStatusId)].flatMap(
      (each) => each ?? [],
    ),
    unmapped: unmappedOf(event),
  };
}

function statusIdOf(outcome: AuditEvent['outcome']): readonly [number, string] {
  const status = statusOf(outcome);
  // Of another one the name is the source's own.
  return status === 'other' ? [OTHER_STATUS, outcome] : STATUSES[status];
}

function actorOf(by: AuditEvent['by']) {
  if (typeof by === 'string') return { app_name: by === 'gateway' ? PRODUCT : `${PRODUCT}: ${by}` };
  return { user: { uid: by.subject, type_id: 1 }, idp: { uid: by.issuer }, app_uid: by.clientId };
}

function resource(type: string, uid: string | undefined) {
  return uid === undefined ? undefined : { type, uid };
}

function unmappedOf(event: AuditEvent) {
  const { at, by, operation, outcome, problem, printerId, printStatusId, ...others } = event;
  const { requestId, clientAddress, userAgent, ...rest } = others;
  return { channel: 'audit', ...rest };
}
