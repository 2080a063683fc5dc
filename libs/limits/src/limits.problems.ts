import { Problem, retryAfter, type ProblemKind } from '#libs/problem';

const DAY_SECONDS = 86_400;
const MINUTE_SECONDS = 60;
const BUSY_RETRY_MS = 1_000;

export interface LimitState {
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

  constructor(state: LimitState) {
    super(CardQuotaExceeded.kind, {
      detail: `${state.left} of the day's ${state.limit} cards are left to you, fewer than this print asks for.`,
      members: { limit: state.limit, left: state.left },
      headers: limitHeaders('cards-per-day', DAY_SECONDS, state),
    });
  }
}

export class RateExceeded extends Problem {
  static readonly kind: ProblemKind = {
    name: 'rate-exceeded',
    status: 429,
    title: 'Too many requests',
    meaning:
      'You made more requests in this minute than `limits.requestsPerMinute` of your roles allows, or too many that are not granted to you; nothing was done.',
  };

  constructor(state: LimitState, detail = `You may make ${state.limit} requests a minute.`) {
    super(RateExceeded.kind, {
      detail,
      members: { limit: state.limit },
      headers: limitHeaders('requests-per-minute', MINUTE_SECONDS, state),
    });
  }
}

/** More calls wait for the upstream than it can take. Nothing was sent. */
export class GatewayBusy extends Problem {
  static readonly kind: ProblemKind = {
    name: 'gateway-busy',
    status: 503,
    title: 'Too much is going on',
    meaning: 'As many calls to the upstream are under way as may be, and too many wait. Nothing was sent.',
  };

  constructor() {
    super(GatewayBusy.kind, {
      detail: 'Too many calls to the upstream are under way. Nothing was sent.',
      headers: retryAfter(BUSY_RETRY_MS),
    });
  }
}

/** draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it for how many seconds. */
function limitHeaders(name: string, windowSeconds: number, { limit, left, resetsInMs }: LimitState) {
  return {
    ...retryAfter(resetsInMs),
    'ratelimit-policy': `"${name}";q=${limit};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${left};t=${Math.ceil(resetsInMs / 1000)}`,
  };
}
