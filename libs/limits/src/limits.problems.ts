import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const POLICY = '"cards-per-day"';
const DAY_SECONDS = 86_400;

export interface QuotaState {
  readonly limit: number;
  readonly left: number;
  readonly resetsInMs: number;
}

export class CardQuotaExceeded extends Problem {
  static readonly kind: ProblemKind = {
    name: 'card-quota-exceeded',
    status: 429,
    title: 'The day’s quota of cards is used up',
    meaning:
      'The print would go over `limits.cardsPerDay` of your roles; nothing was printed. `left` cards are left today.',
  };

  constructor({ limit, left, resetsInMs }: QuotaState) {
    super(CardQuotaExceeded.kind, {
      detail: `${left} of the day's ${limit} cards are left to you, fewer than this print asks for.`,
      members: { limit, left },
      headers: { ...retryAfter(resetsInMs), ...rateLimitHeaders({ limit, left, resetsInMs }) },
    });
  }
}

/** draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it for how many seconds. */
function rateLimitHeaders({ limit, left, resetsInMs }: QuotaState): Record<string, string> {
  return {
    'ratelimit-policy': `${POLICY};q=${limit};w=${DAY_SECONDS}`,
    ratelimit: `${POLICY};r=${left};t=${Math.ceil(resetsInMs / 1000)}`,
  };
}
