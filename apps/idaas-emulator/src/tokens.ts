import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';

const TOKEN_BYTES = 768;

/** The opaque tokens that authenticate hands out, about 1 kB long. */
export class Tokens {
  private readonly endsAtMs = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    public lifeMs: number,
  ) {}

  issue() {
    const authToken = randomBytes(TOKEN_BYTES).toString('base64');
    const createdAtMs = this.clock.now();
    this.endsAtMs.set(authToken, createdAtMs + this.lifeMs);
    return {
      authToken,
      creationTime: dateOf(createdAtMs),
      expirationTime: dateOf(createdAtMs + this.lifeMs),
    };
  }

  isGood(token: string): boolean {
    return (this.endsAtMs.get(token) ?? 0) > this.clock.now();
  }

  list(): string[] {
    return [...this.endsAtMs.keys()];
  }

  revokeAll(): void {
    this.endsAtMs.clear();
  }
}

/** The vendor's other date form, the one without a colon in its offset. */
function dateOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000');
}
