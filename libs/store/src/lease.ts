import { randomUUID } from 'node:crypto';
import type { Store } from './store.js';

/** Gives the lease back. Never rejects. */
export type GiveBack = () => Promise<void>;

/** The right to do something that only one process may do at a time. It is renewed while it is held, and ends with its holder. */
export class Lease {
  private readonly owner = randomUUID();

  constructor(
    private readonly store: Store,
    private readonly ttlMs: number,
  ) {}

  /** Undefined when another holds it. Throws `StoreUnavailable`. */
  async take(key: string): Promise<GiveBack | undefined> {
    if (!(await this.store.setIfAbsent(key, this.owner, this.ttlMs))) return undefined;
    const renew = () => this.store.compareAndSet(key, this.owner, this.owner, this.ttlMs).catch(() => false);
    const timer = setInterval(() => void renew(), this.ttlMs / 3).unref();
    return async () => {
      clearInterval(timer);
      await this.store.compareAndDelete(key, this.owner).catch(() => false);
    };
  }
}
