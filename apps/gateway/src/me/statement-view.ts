import type { Role } from '#libs/policy';

/** Cards of a quota that the caller has used today, under whichever role; null where that is not known. */
export interface CardsToday {
  readonly used: number | null;
  readonly resetsAt: string | null;
}

/** What one role allows by itself. Nothing of it adds to what another allows. */
export function statementView(
  role: Role,
  names: ReadonlyMap<string, string | undefined>,
  cards: CardsToday | undefined,
) {
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
function quotaView(limit: number | undefined, used: number | null) {
  if (limit === undefined) return null;
  return { limit, left: used === null ? null : Math.max(0, limit - used) };
}
