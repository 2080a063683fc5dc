import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { RequestRate } from '#libs/limits';
import type { CallersRequest } from '#libs/policy';

/** Counts each request of a caller, in this process. Runs behind the guard that finds out what the caller may do. */
@Injectable()
export class RequestRateGuard implements CanActivate {
  constructor(private readonly rate: RequestRate) {}

  canActivate(context: ExecutionContext): boolean {
    const { caller } = context.getArgByIndex<CallersRequest>(0);
    if (caller) this.rate.count(caller.principal, caller.grant.limits.requestsPerMinute);
    return true;
  }
}
