import { Injectable } from '@nestjs/common';
import { FairGate, RequestRate } from '#libs/limits';
import type { Caller } from '#libs/policy';
import type { RequestContext } from '#libs/telemetry';

/** What the gateway asks for itself, for several callers at once or for none. */
const GATEWAY = 'gateway';

/** A call of the upstream, on behalf of a request or of none. */
type Call<T> = (context: RequestContext | undefined) => Promise<T>;

/** The way to the upstream: within the caller's rate, and when it is the turn of the caller's tenant. */
@Injectable()
export class UpstreamAccess {
  constructor(
    private readonly rate: RequestRate,
    private readonly gate: FairGate,
  ) {}

  /** Counts what this caller causes upstream. Undefined admits at once; a promise rejects with `RateExceeded`. */
  admit({ principal, grant }: Caller): Promise<void> | undefined {
    return this.rate.countUpstream(principal, grant.limits.requestsPerMinute);
  }

  /** Calls in its turn. Throws `GatewayBusy`, and has not called, when that takes too long. */
  run<T>(caller: Caller | undefined, call: Call<T>): Promise<T> {
    return this.gate.run(partyOf(caller), () => call(caller?.context));
  }

  /** Both, for what is neither cached nor printed. */
  async ask<T>(caller: Caller, call: Call<T>): Promise<T> {
    await this.admit(caller);
    return this.run(caller, call);
  }
}

/** Tenants share the upstream fairly; callers without one share as their issuer. */
function partyOf(caller: Caller | undefined): string {
  if (!caller) return GATEWAY;
  const { issuer, tenant } = caller.principal;
  return `${issuer} ${tenant ?? ''}`;
}
