import { setTimeout as delay } from 'node:timers/promises';
import { redisUrl, RedisStore } from '#libs/store';

/** The gateways' list of what was sent and has no known outcome (`libs/idempotency`, `in-flight-index.ts`). */
const OPEN = 'submissions:open';
const LOOKS_EACH_MS = 20;
const MOST = 10_000;

/** From when until when a submission was open, by the clock of this process. */
export interface Opening {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Sees all the time which submissions are open; while Redis is away they count as they were seen last. */
export class InFlightWatch {
  private readonly store: RedisStore;
  /** Since when, by its name in the list. */
  private open = new Map<string, number>();
  private readonly openings = new Map<string, Opening[]>();
  private isOver = false;
  private looking: Promise<void>;

  constructor(url: string) {
    const target = redisUrl.parse(url);
    if (!target) throw new Error(`no Redis is named by ${url}`);
    this.store = new RedisStore(target, {
      keyPrefix: 'print-gateway:',
      commandTimeoutMs: 1_000,
      minReplicas: 0,
      replicasTimeoutMs: 500,
    });
    this.looking = this.lookOnAndOn();
  }

  /** Ids of what is open now. */
  get ids(): string[] {
    return [...this.open.keys()].map(idOf);
  }

  /** When this submission was open, as far as that is over. */
  openingsOf(id: string): readonly Opening[] {
    return this.openings.get(id) ?? [];
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.looking;
    await this.store.close();
  }

  private async lookOnAndOn(): Promise<void> {
    while (!this.isOver) {
      await this.look().catch(() => {});
      await delay(LOOKS_EACH_MS);
    }
  }

  private async look(): Promise<void> {
    const askedAtMs = Date.now();
    const entries = await this.store.readIndex(OPEN, Infinity, MOST);
    const before = this.open;
    this.open = new Map(entries.map(({ member }) => [member, before.get(member) ?? askedAtMs]));
    for (const [member, fromMs] of before) if (!this.open.has(member)) this.close(member, fromMs);
  }

  private close(member: string, fromMs: number): void {
    const id = idOf(member);
    const opening = { fromMs, untilMs: Date.now() };
    this.openings.set(id, [...(this.openings.get(id) ?? []), opening]);
  }
}

function idOf(member: string): string {
  return member.split(' ')[0] as string;
}
