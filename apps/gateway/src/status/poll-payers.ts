import { Injectable } from '@nestjs/common';
import { RateExceeded } from '#libs/limits';
import { PolicyService, type Caller } from '#libs/policy';
import { UpstreamAccess } from '../upstream/upstream.access.js';

/** Whose account a poll is on, of several who watch a job: who has caused least of late, by the measure of their own limit. */
@Injectable()
export class PollPayers {
  constructor(
    private readonly upstream: UpstreamAccess,
    private readonly policy: PolicyService,
  ) {}

  /** In how long the first of them may cause a call. */
  readyInMs(watching: Iterable<Caller>): number {
    return this.first(watching)?.readyInMs ?? Infinity;
  }

  /** Makes a call that is counted to one of them (`UpstreamAccess.admitPaced`); undefined when none may cause it. */
  async charge<T>(
    watching: Iterable<Caller>,
    call: (payer: Caller) => T | Promise<T>,
  ): Promise<T | undefined> {
    const callers = [...watching];
    for (let left = callers.length; left > 0; left -= 1) {
      const first = this.first(callers);
      if (!first || first.readyInMs > 0) return undefined;
      try {
        return await call(first.caller);
      } catch (error) {
        // The other gateways used up what was thought to be left; it is known now.
        if (!(error instanceof RateExceeded)) throw error;
      }
    }
    return undefined;
  }

  private first(watching: Iterable<Caller>): { caller: Caller; readyInMs: number } | undefined {
    let first: { caller: Caller; readyInMs: number } | undefined;
    for (const each of watching) {
      const caller = this.now(each);
      const readyInMs = this.upstream.readyInMs(caller);
      if (!first || readyInMs < first.readyInMs) first = { caller, readyInMs };
    }
    return first;
  }

  /** Within the limits of now, and as part of no request. */
  private now({ principal, requirement }: Caller): Caller {
    return { principal, grant: this.policy.grantOf(principal), requirement };
  }
}
