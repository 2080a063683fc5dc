import fc from 'fast-check';
import { MemoryStore, StoreUnavailable, type Change, type Store } from '#libs/store';
import { CardQuota, type CardReservation } from './card-quota.js';
import { CardQuotaExceeded } from './limits.problems.js';
import { QuotaDays } from './quota-day.js';
import { keep, take } from './take-in-test.js';

const LIMIT = 10;
const HELD_MS = 20_000;
const holder = { issuer: 'i', subject: 's', tenant: 't' };

type Fate = 'answered' | 'request lost' | 'reply lost' | 'arrives late' | 'arrives twice';

/** What a gateway does about one attempt to print: by itself, as its resolver does, or as who settles it does. */
interface Act {
  readonly attempt: number;
  readonly does: 'reserve' | 'keep' | 'give back' | 'wait';
  readonly printed: number;
  readonly fate: Fate;
}

interface Attempt {
  readonly reservation: CardReservation;
  cards: number;
  /** Infinity once it is kept. */
  untilMs: number;
  hasLeft: boolean;
}

/** The store behind a network that loses, delays and repeats; and, by itself, what the sum must be. */
class Installation {
  nowMs = 0;
  private fate: Fate = 'answered';
  private late: (() => Promise<unknown>)[] = [];
  private readonly memory = new MemoryStore({ maxEntries: 1_000, now: () => this.nowMs });
  private readonly store = this.lossy();
  private readonly quota = new CardQuota(this.store, new QuotaDays('UTC'), HELD_MS);
  private readonly attempts = [1, 2, 3, 4, 5].map((cards) => ({
    reservation: { holder, token: `attempt ${cards}`, cards, atMs: 0 },
    cards: 0,
    untilMs: 0,
    hasLeft: false,
  }));

  async act({ attempt: index, does, printed, fate }: Act): Promise<void> {
    const attempt = this.attempts[index] as Attempt;
    if (does === 'wait') this.nowMs += 6_000;
    else {
      this.fate = fate;
      await this.ask(attempt, does, printed).catch(expected);
      this.fate = 'answered';
    }
    const { used } = await this.quota.usage(holder, 0);
    expect(used).toBe(this.sum());
    expect(used).toBeLessThanOrEqual(LIMIT);
  }

  /** What was delayed arrives now. */
  async deliver(): Promise<void> {
    for (const arrive of this.late.splice(0)) await arrive();
    expect(await this.quota.usage(holder, 0)).toMatchObject({ used: this.sum() });
  }

  private ask(attempt: Attempt, does: Act['does'], printed: number): Promise<unknown> {
    const { reservation } = attempt;
    if (does === 'reserve') return take(this.store, this.quota.reserve(reservation, LIMIT));
    if (does === 'keep') return keep(this.store, this.quota.confirm(reservation));
    return this.quota.giveBack(reservation, printed);
  }

  private sum(): number {
    return this.attempts.reduce((sum, each) => sum + this.cardsOf(each), 0);
  }

  private cardsOf(attempt: Attempt): number {
    return attempt.untilMs > this.nowMs ? attempt.cards : 0;
  }

  /** What a step that arrives must do, said once more without the members of a store. */
  private arrived(change: Change): void {
    const { name, token, to } = stepIn(change);
    const attempt = this.attempts.find(({ reservation }) => reservation.token === token) as Attempt;
    const stands = this.cardsOf(attempt) > 0;
    if (name === 'reserve' && !stands && !attempt.hasLeft) {
      const { cards } = attempt.reservation;
      if (this.sum() + cards <= LIMIT) [attempt.cards, attempt.untilMs] = [cards, this.nowMs + HELD_MS];
    }
    if (name === 'keep' && stands) attempt.untilMs = Infinity;
    if (name === 'lower') {
      attempt.cards = Math.min(this.cardsOf(attempt), to);
      attempt.hasLeft ||= attempt.cards === 0;
    }
  }

  private lossy(): Store {
    return new Proxy<Store>(this.memory, {
      get: (memory, name: string) => {
        const member = Reflect.get(memory, name) as unknown;
        if (typeof member !== 'function') return member;
        if (name === 'readReserved') return (key: string) => memory.readReserved(key);
        return async (change: Change) => {
          const arrive = async () => {
            this.arrived(change);
            return (await Reflect.apply(member, memory, [change])) as unknown;
          };
          if (this.fate === 'arrives late') this.late.push(arrive);
          if (this.fate === 'arrives late' || this.fate === 'request lost') throw new StoreUnavailable();
          const reply = await arrive();
          if (this.fate === 'arrives twice') await arrive();
          if (this.fate === 'reply lost') throw new StoreUnavailable();
          return reply;
        };
      },
    });
  }
}

function stepIn({ takes: [taken] = [], writes: [write] }: Change) {
  if (write && 'lower' in write) return { name: 'lower', token: write.member, to: write.to } as const;
  if (taken && 'keep' in taken) return { name: 'keep', token: taken.member, to: NaN } as const;
  const token = taken && 'reserve' in taken ? taken.reservation.member : '';
  return { name: 'reserve', token, to: NaN } as const;
}

function expected(error: unknown): void {
  if (!(error instanceof StoreUnavailable || error instanceof CardQuotaExceeded)) throw error;
}

const acts = fc.record<Act>({
  attempt: fc.nat({ max: 4 }),
  does: fc.constantFrom('reserve', 'reserve', 'keep', 'give back', 'wait'),
  printed: fc.nat({ max: 5 }),
  fate: fc.constantFrom(
    'answered',
    'answered',
    'request lost',
    'reply lost',
    'arrives late',
    'arrives twice',
  ),
});

describe('the cards of a day', () => {
  it('are counted to the card, whatever is lost, late, repeated or in another order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(acts, fc.constant('deliver' as const)), { maxLength: 40 }),
        async (plan) => {
          const installation = new Installation();
          for (const each of plan)
            await (each === 'deliver' ? installation.deliver() : installation.act(each));
          await installation.deliver();
        },
      ),
    );
  });
});
