import { Injectable } from '@nestjs/common';
import { PacedRate, RequestRate, UpstreamGates } from '#libs/limits';
import type { Caller } from '#libs/policy';
import type { RequestContext } from '#libs/telemetry';
import { GATEWAY, tenantMember } from './tenant-member.js';

/** A call of the upstream, on behalf of a request or of none. */
type Call<T> = (context: RequestContext | undefined) => Promise<T>;

/** The way to the upstream: within the caller's rate, and when it is the turn of the caller's tenant. */
@Injectable()
export class UpstreamAccess {
  constructor(
    private readonly rate: RequestRate,
    private readonly paced: PacedRate,
    private readonly gates: UpstreamGates,
  ) {}

  /** Counts what this caller asks of the upstream. Undefined admits at once; a promise rejects with `RateExceeded`. */
  admit(caller: Caller): Promise<void> | undefined {
    return this.rate.countUpstream(caller.principal, limitOf(caller));
  }

  /** The same in one step with what it is for; undefined where there is no limit. */
  charge(caller: Caller) {
    return this.rate.chargeUpstream(caller.principal, limitOf(caller));
  }

  /** Counts what this caller causes without asking for each call (`PacedRate.count`). */
  admitPaced(caller: Caller): Promise<void> {
    return this.paced.count(caller.principal, limitOf(caller));
  }

  /** In how long `admitPaced` would count the next one (`PacedRate.readyInMs`). */
  readyInMs(caller: Caller): number {
    return this.paced.readyInMs(caller.principal, limitOf(caller));
  }

  /** Calls in its turn. Throws `GatewayBusy`, and has not called, when that takes too long. */
  run<T>(caller: Caller | undefined, call: Call<T>): Promise<T> {
    return this.gates.others.run(caller ? tenantMember(caller.principal) : GATEWAY, () =>
      call(caller?.context),
    );
  }

  /** The same for a print, which waits for prints only. */
  print<T>(caller: Caller, call: Call<T>): Promise<T> {
    return this.gates.prints.run(tenantMember(caller.principal), () => call(caller.context));
  }

  /** Both, for what is neither cached nor printed. */
  async ask<T>(caller: Caller, call: Call<T>): Promise<T> {
    await this.admit(caller);
    return this.run(caller, call);
  }
}

function limitOf({ grant, requirement }: Caller): number | undefined {
  return grant.requestsPerMinute(requirement);
}
