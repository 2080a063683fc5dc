import type { AuditEvent } from '#libs/audit';
import { FEATURES, identityOf, type Feature } from '#libs/contract';
import type { CallersRequest } from '#libs/policy';
import type { PurposeKey } from '#libs/secrets';
import type { FastifyRequest } from 'fastify';

/** A request to a route with `@Audited`. */
export type AuditedRequest = FastifyRequest & CallersRequest;

/** What of a request is in its event, however it ends. */
export function requestedBy(request: AuditedRequest, hashing: PurposeKey | undefined) {
  const { principal, context } = request;
  return {
    at: new Date().toISOString(),
    by: principal ? { ...identityOf(principal), clientId: principal.clientId } : 'gateway',
    printerId: (request.params as { printerId?: string }).printerId,
    requestId: request.id,
    clientAddress: context?.client.address,
    keyHash: hashOf(request.headers['idempotency-key'], hashing),
  } satisfies Partial<AuditEvent>;
}

/** How many a print asks for; undefined where its body was not read. */
export function copiesOf(body: unknown): number | undefined {
  if (body === undefined) return undefined;
  const { printerPreferences } = (body ?? {}) as { printerPreferences?: { copies?: unknown } | null };
  const copies = printerPreferences?.copies ?? 1;
  return typeof copies === 'number' ? copies : undefined;
}

/** What a print or an update contains, in names and numbers; the body may be of any shape. */
export function contentOf(body: unknown) {
  const parts = (typeof body === 'object' ? (body ?? {}) : {}) as Partial<Record<Feature, unknown>>;
  const features = FEATURES.filter((feature) => (parts[feature] ?? undefined) !== undefined);
  const { commands } = (parts.smartcard ?? {}) as { commands?: unknown };
  return {
    features: features.length > 0 ? features : undefined,
    commands: Array.isArray(commands) ? commands.length : undefined,
  };
}

/** Left out while the secret of the installation is not known: without it a key that is easy to guess could be guessed back. */
export function hashOf(text: unknown, hashing: PurposeKey | undefined): string | undefined {
  return typeof text === 'string' ? hashing?.hash(text) : undefined;
}
