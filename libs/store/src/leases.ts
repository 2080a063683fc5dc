import { randomUUID } from 'node:crypto';
import type { Lease, Store } from './store.js';

/** A lease of this key, of an owner that is nobody else where none is named; nobody has it yet. */
export function newLease(key: string, ttlMs: number, owner: string = randomUUID()): Lease {
  return { key, owner, ttlMs };
}

/** Takes, renews and gives back leases on a Store. A process that dies costs others the rest of its lease. */
export class Leases {
  constructor(private readonly store: Pick<Store, 'setIfAbsent' | 'compareAndSet' | 'compareAndDelete'>) {}

  /** Takes the lease where nobody has it, not even its owner; whether it did. May throw `StoreUnavailable`. */
  take({ key, owner, ttlMs }: Lease): Promise<boolean> {
    return this.store.setIfAbsent(key, owner, ttlMs);
  }

  /** Takes the lease, or renews it where it is the owner's; whether it is now. May throw `StoreUnavailable`. */
  async hold(lease: Lease): Promise<boolean> {
    return (await this.take(lease)) || (await this.renew(lease));
  }

  /**
   * Renews the lease three times in its life until the returned function is called. One that was lost is not taken again; a renewal that
   * fails is left to the next.
   */
  keepAlive(lease: Lease): () => void {
    const timer = setInterval(() => void this.renew(lease).catch(() => false), lease.ttlMs / 3).unref();
    return () => clearInterval(timer);
  }

  /** Gives the lease back where it is the owner's, and waits for nothing: what cannot be given back now ends by itself. */
  release({ key, owner }: Lease): void {
    this.store.compareAndDelete(key, owner).catch(() => false);
  }

  private renew({ key, owner, ttlMs }: Lease): Promise<boolean> {
    return this.store.compareAndSet(key, owner, owner, ttlMs);
  }
}
