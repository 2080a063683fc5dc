import { isIPv4, isIPv6 } from 'node:net';
import type { AuditEvent } from '../audit-event.js';
import { PRODUCT, severityOf, VENDOR, type Severity } from './event-class.js';

/** 0 to 3 are low, to 6 medium, to 8 high, to 10 very high. */
const SEVERITIES: Readonly<Record<Severity, number>> = { informational: 1, low: 3, medium: 6, high: 8 };

type Value = string | number | undefined;

/** An audit event as a line in ArcSight's Common Event Format, version 0 (CEF, revision 25). */
export function cefOf(event: AuditEvent, version: string): string {
  const { operation, outcome } = event;
  const severity = SEVERITIES[severityOf(event)];
  const header = [VENDOR, PRODUCT, version, `${operation}.${outcome}`, `${operation} ${outcome}`, severity];
  return `CEF:0|${header.map(inHeader).join('|')}|${extensionOf(event)}`;
}

function extensionOf(event: AuditEvent): string {
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
    copies,
  } = event;
  const { issuer, subject, tenant, clientId } = typeof by === 'object' ? by : NOBODY;
  const members: Readonly<Record<string, Value>> = {
    rt: Date.parse(at),
    act: operation,
    outcome,
    reason: problem,
    suser: subject,
    // The gateway or an operator: no subject of a token may look like them.
    sproc: typeof by === 'object' ? undefined : by,
    duser: event.submitter?.subject,
    ...addressOf(clientAddress),
    requestClientApplication: userAgent,
    externalId: requestId,
    ...labelled('cn1', 'copies', copies),
    ...labelled('cs1', 'issuer', issuer),
    ...labelled('cs2', 'tenant', tenant),
    ...labelled('cs3', 'clientId', clientId),
    ...labelled('cs4', 'printerId', printerId),
    ...labelled('cs5', 'printStatusId', printStatusId),
    ...labelled('cs6', 'details', detailsOf(event)),
  };
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${name}=${inExtension(String(value))}`).join(' ');
}

const NOBODY = { issuer: undefined, subject: undefined, tenant: undefined, clientId: undefined };

/** A custom field says its own name beside its value. */
function labelled(field: string, label: string, value: Value): Readonly<Record<string, Value>> {
  return value === undefined ? {} : { [`${field}Label`]: label, [field]: value };
}

/** `src` is for IPv4 alone. */
function addressOf(address: string | undefined): Readonly<Record<string, Value>> {
  if (address === undefined || isIPv4(address)) return { src: address };
  return isIPv6(address) ? { c6a2Label: 'Source IPv6 Address', c6a2: address } : {};
}

/** What there is no field for, as JSON. */
function detailsOf(event: AuditEvent): string | undefined {
  const { at, by, operation, outcome, problem, printerId, printStatusId, ...others } = event;
  const { requestId, clientAddress, userAgent, copies, ...rest } = others;
  const text = JSON.stringify(rest);
  return text === '{}' ? undefined : text;
}

/** In the header bars and backslashes are escaped, and there is no way to write the end of a line. */
function inHeader(value: Value): string {
  return withoutControls(String(value).replace(/[\\|]/g, '\\$&'));
}

/** In the extension equals signs and backslashes are escaped, and so are the ends of lines; bars are not. */
function inExtension(value: string): string {
  const escaped = value.replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return withoutControls(escaped);
}

/** What else may end a line, or steer a terminal, is written as its number. */
function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are meant
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
