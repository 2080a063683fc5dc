import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AuditEvent, AuditLog } from '#libs/audit';
import type { CallersRequest } from '#libs/policy';
import { PrintStatusId } from '#libs/contract';
import { addRouteHook } from '../server/route-hooks.js';
import { contentOf, copiesOf, hashOf, requestedBy } from './audited-request.js';
import type { PrintAudit } from './print-audit.js';

const NOT_TRIED = 503;

/** What is looked at of a request and its answer; either may be of any shape, refused ones too. */
interface Params {
  readonly printStatusId?: string;
  readonly id?: string;
}
interface Body {
  /** Of a resumption, which names its job in the body. */
  readonly printJobId?: unknown;
}
interface Answer {
  readonly printStatus?: { readonly id?: string };
}

/** Records every answer to an audited route, also to a caller who has gone. Who is not known is in the access log only. */
export function keepAuditTrail(fastify: FastifyInstance, audit: AuditLog, prints: PrintAudit): void {
  addRouteHook(fastify, 'onSend', ({ config }) => {
    const operation = config?.audited;
    if (operation === undefined) return undefined;
    return (request: CallersRequest, reply, payload, done) => {
      // A person's settlement is recorded where it is made; here only that it was refused.
      const isOurs = operation !== 'settle' || reply.statusCode >= 400;
      if (!isOurs || !request.principal) return done(null, payload);
      const effect = prints.isKept(request) ? 'kept' : effectOf(reply);
      const recorded = audit.record(eventOf(operation, request, reply, prints, payload), effect);
      // Of what changed something nobody is told before its event is kept, or waits for a Redis that is away.
      if (effect === 'possible') void recorded.then(() => done(null, payload));
      else done(null, payload);
    };
  });
}

function eventOf(
  operation: AuditEvent['operation'],
  request: CallersRequest,
  reply: FastifyReply,
  prints: PrintAudit,
  payload: unknown,
): AuditEvent {
  const { hashing } = prints;
  const { printStatusId, id } = request.params as Params;
  return {
    ...requestedBy(request, hashing),
    operation,
    outcome: outcomeOf(reply),
    problem: request.context?.problem?.kind.name,
    printStatusId: printStatusId ?? jobPrinted(operation, reply, payload) ?? jobNamedIn(request.body),
    submissionId: hashOf(id, hashing),
    copies: operation === 'print' ? copiesOf(request.body) : undefined,
    ...contentOf(request.body),
    ...prints.jobOf(request),
    userAgent: reply.statusCode >= 400 ? request.context?.client.userAgent : undefined,
  };
}

function outcomeOf(reply: FastifyReply): AuditEvent['outcome'] {
  if (reply.statusCode >= 400) return reply.statusCode < 500 ? 'refused' : 'failed';
  return reply.hasHeader('idempotency-replayed') ? 'replayed' : 'done';
}

/** What was answered before is not done once more; 503 says that it was not tried. Other faults may hide that it was done. */
function effectOf(reply: FastifyReply): 'possible' | 'none' {
  const outcome = outcomeOf(reply);
  if (outcome === 'failed') return reply.statusCode === NOT_TRIED ? 'none' : 'possible';
  return outcome === 'done' ? 'possible' : 'none';
}

/** A refused request too says which job it was about, where what it names is an id. */
function jobNamedIn(body: unknown): string | undefined {
  return PrintStatusId.parse((body as Body | null | undefined)?.printJobId);
}

/** Only the answer to a print, which may be a replay, names a job that the request does not. */
function jobPrinted(
  operation: AuditEvent['operation'],
  { statusCode }: FastifyReply,
  payload: unknown,
): string | undefined {
  if (operation !== 'print' || statusCode >= 400 || typeof payload !== 'string') return undefined;
  return (JSON.parse(payload) as Answer).printStatus?.id;
}
