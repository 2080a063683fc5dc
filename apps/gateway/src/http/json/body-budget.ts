import { Overloaded } from './body.problems.js';

export interface BudgetOptions {
  /** What all bodies under way may hold together. */
  readonly bytes: number;
  /** What those of one caller may hold together, however much is free. */
  readonly bytesPerCaller: number;
  /** How many bodies wait for their share at the same time. */
  readonly waiting: number;
  /** How long one waits at most. */
  readonly waitMs: number;
}

/** What one body holds of the budget. */
export interface BodyShare {
  /** Takes so many bytes in all, at once: who holds a share does not wait, or half-read bodies would wait for each other. Throws `Overloaded`. */
  growTo(bytes: number): void;
  /** Gives it back, the first time only. */
  release(): void;
}

interface Waiting {
  readonly caller: string;
  readonly bytes: number;
  readonly begin: () => void;
}

/**
 * One budget of bytes for all bodies that are being received, checked or printed. Shares are given in the order in which they were
 * asked for, to the callers first who hold the least.
 */
export class BodyBudget {
  private held = 0;
  private readonly heldByCaller = new Map<string, number>();
  private readonly waiters = new Set<Waiting>();

  constructor(private readonly options: BudgetOptions) {}

  get heldBytes(): number {
    return this.held;
  }

  get waiting(): number {
    return this.waiters.size;
  }

  /** Waits for so many bytes; a caller is whoever has this name. Throws `Overloaded` when too many wait, or for too long. */
  async reserve(caller: string, bytes: number): Promise<BodyShare> {
    if (this.waiters.size > 0 || !this.fits(caller, bytes)) await this.turnOf(caller, bytes);
    else this.take(caller, bytes);
    return this.share(caller, bytes);
  }

  private share(caller: string, bytes: number): BodyShare {
    let ownBytes = bytes;
    return {
      growTo: (wanted) => {
        const more = wanted - ownBytes;
        if (more <= 0) return;
        if (!this.fits(caller, more)) throw new Overloaded();
        this.take(caller, more);
        ownBytes = wanted;
      },
      release: () => {
        this.take(caller, -ownBytes);
        ownBytes = 0;
        this.serve();
      },
    };
  }

  private turnOf(caller: string, bytes: number): Promise<void> {
    if (this.waiters.size >= this.options.waiting) throw new Overloaded();
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        this.waiters.delete(waiting);
      };
      const begin = () => {
        leave();
        this.take(caller, bytes);
        resolve();
      };
      const timer = setTimeout(() => {
        leave();
        reject(new Overloaded());
        this.serve();
      }, this.options.waitMs);
      const waiting: Waiting = { caller, bytes, begin };
      this.waiters.add(waiting);
      this.serve();
    });
  }

  /** Lets in whoever is next, as long as there is room for them: who needs much is not passed by those who need little. */
  private serve(): void {
    for (let next = this.next(); next && this.held + next.bytes <= this.options.bytes; next = this.next())
      next.begin();
  }

  /** Who has their own share is not waited for by others. */
  private next(): Waiting | undefined {
    let next: Waiting | undefined;
    for (const waiting of this.waiters) {
      if (!this.isWithinOwn(waiting.caller, waiting.bytes)) continue;
      if (!next || this.heldBy(waiting.caller) < this.heldBy(next.caller)) next = waiting;
    }
    return next;
  }

  private fits(caller: string, bytes: number): boolean {
    return this.held + bytes <= this.options.bytes && this.isWithinOwn(caller, bytes);
  }

  private isWithinOwn(caller: string, bytes: number): boolean {
    return this.heldBy(caller) + bytes <= this.options.bytesPerCaller;
  }

  private heldBy(caller: string): number {
    return this.heldByCaller.get(caller) ?? 0;
  }

  private take(caller: string, bytes: number): void {
    this.held += bytes;
    const own = this.heldBy(caller) + bytes;
    if (own === 0) this.heldByCaller.delete(caller);
    else this.heldByCaller.set(caller, own);
  }
}
