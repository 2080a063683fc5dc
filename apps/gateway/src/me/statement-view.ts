import type { Role } from '#libs/policy';
import type { CardsToday, CardsPerDay, Statement } from './me.dto.js';

/** What one role allows by itself. Nothing of it adds to what another allows. */
export function statementView(
  role: Role,
  names: ReadonlyMap<string, string | undefined>,
  cards: CardsToday | undefined,
): Statement {
  const { printers, limits } = role;
  return {
    role: role.name,
    permissions: [...role.permissions],
    printers: printers === '*' ? '*' : [...printers].map((id) => ({ id, name: names.get(id) ?? null })),
    features: [...role.features],
    jobs: role.jobs,
    requiresIdempotencyKey: role.requiresIdempotencyKey,
    allowBlank: role.allowBlank,
    limits: {
      copies: limits.copies,
      requestsPerMinute: limits.requestsPerMinute ?? null,
      cardsPerDay: quotaView(limits.cardsPerDay, cards?.used ?? null),
    },
  };
}

/** Null without a quota. */
function quotaView(limit: number | undefined, used: number | null): CardsPerDay | null {
  if (limit === undefined) return null;
  return { limit, left: used === null ? null : Math.max(0, limit - used) };
}
