import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AuditEvent, AuditLog } from '#libs/audit';
import type { CallersRequest } from '#libs/policy';
import { identityOf, PrintStatusId } from '#libs/contract';
import type { PurposeKey, SecretKeys } from '#libs/secrets';
import { addRouteHook } from '../http/route-hooks.js';

const NOT_TRIED = 503;

/** What is looked at of a request and its answer; either may be of any shape, refused ones too. */
interface Params {
  readonly printerId?: string;
  readonly printStatusId?: string;
  readonly id?: string;
}
interface Body {
  readonly printerPreferences?: { readonly copies?: unknown } | null;
  /** Of a resumption, which names its job in the body. */
  readonly printJobId?: unknown;
}
interface Answer {
  readonly type?: unknown;
  readonly printStatus?: { readonly id?: string };
}

/** Records every answer to an audited route, also to a caller who has gone. Who is not known is in the access log only. */
export function keepAuditTrail(fastify: FastifyInstance, audit: AuditLog, keys: SecretKeys): void {
  addRouteHook(fastify, 'onSend', ({ config }) => {
    const operation = config?.audited;
    if (operation === undefined) return undefined;
    return (request: CallersRequest, reply, payload, done) => {
      // A person's settlement is recorded where it is made; here only that it was refused.
      const isOurs = operation !== 'settle' || reply.statusCode >= 400;
      if (isOurs && request.principal)
        audit.record(
          eventOf(operation, request, reply, parse(payload), keys.keyAtHand('audit')),
          effectOf(reply),
        );
      done(null, payload);
    };
  });
}

function eventOf(
  operation: AuditEvent['operation'],
  request: CallersRequest,
  reply: FastifyReply,
  answer: Answer,
  hashing: PurposeKey | undefined,
): AuditEvent {
  const { printerId, printStatusId, id } = request.params as Params;
  const client = request.context?.client;
  return {
    at: new Date().toISOString(),
    by: callerOf(request),
    operation,
    outcome: outcomeOf(reply),
    problem: typeof answer.type === 'string' ? answer.type.split('/').at(-1) : undefined,
    printerId,
    printStatusId: printStatusId ?? answer.printStatus?.id ?? jobNamedIn(request.body),
    submissionId: hashOf(id, hashing),
    copies: operation === 'print' ? copiesOf(request.body) : undefined,
    requestId: request.id,
    clientAddress: client?.address,
    userAgent: reply.statusCode >= 400 ? client?.userAgent : undefined,
    keyHash: hashOf(request.headers['idempotency-key'], hashing),
  };
}

function callerOf({ principal }: CallersRequest): AuditEvent['by'] {
  return principal ? { ...identityOf(principal), clientId: principal.clientId } : 'gateway';
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

/** Undefined where the body was not read. */
function copiesOf(body: unknown): number | undefined {
  if (body === undefined) return undefined;
  const copies = (body as Body | undefined)?.printerPreferences?.copies ?? 1;
  return typeof copies === 'number' ? copies : undefined;
}

/** A refused request too says which job it was about, where what it names is an id. */
function jobNamedIn(body: unknown): string | undefined {
  return PrintStatusId.parse((body as Body | null | undefined)?.printJobId);
}

/** Left out while the secret of the installation is not known: without it a key that is easy to guess could be guessed back. */
function hashOf(text: unknown, hashing: PurposeKey | undefined): string | undefined {
  return typeof text === 'string' ? hashing?.hash(text) : undefined;
}

function parse(payload: unknown): Answer {
  if (typeof payload !== 'string' || payload === '') return {};
  return JSON.parse(payload) as Answer;
}
