import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PrintStatusId } from '#libs/contract';
import { keyOfJob } from '#libs/jobs';
import { Store } from '#libs/store';

/** Which of the gateways polls a job: who holds its lease. */
@Injectable()
export class PollerLease {
  private readonly owner = randomUUID();

  private readonly store: Store;

  constructor(store: Store) {
    this.store = store.expendable;
  }

  /** Takes the lease or renews it, for `ttlMs`; whether it is ours. While the shared state is away every gateway polls for its own callers. */
  async hold(id: PrintStatusId, ttlMs: number): Promise<boolean> {
    const key = keyOfJob(id, 'poller');
    try {
      if (await this.store.setIfAbsent(key, this.owner, ttlMs)) return true;
      return await this.store.compareAndSet(key, this.owner, this.owner, ttlMs);
    } catch {
      return true;
    }
  }

  /** Leaves the job to another; one that cannot be told now waits until the lease ends. */
  giveUp(id: PrintStatusId): void {
    this.store.compareAndDelete(keyOfJob(id, 'poller'), this.owner).catch(() => false);
  }
}
