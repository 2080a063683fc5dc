import { Injectable } from '@nestjs/common';
import { TokenAuthenticator, type Principal } from '#libs/auth';
import { RequestRate } from '#libs/limits';
import {
  PermissionNotGranted,
  PolicyService,
  requirePrinterGranted,
  type Caller,
  type Requirement,
} from '#libs/policy';
import { tracedNow, type RequestContext } from '#libs/telemetry';
import { parsePrinterId } from '../http/id-params.js';

/** A request that asks to be admitted. What is found out is put on it, so that a refusal is logged under its caller's name too. */
export interface Applicant {
  readonly headers: { readonly authorization?: string | undefined };
  readonly context?: RequestContext;
  principal?: Principal;
  caller?: Caller;
}

/** What a route asks of its callers. */
export interface Entry {
  readonly requires: Requirement | undefined;
  /** The id of a printer, as the path has it, where it has one. */
  readonly printerId?: string | undefined;
}

/**
 * Decides who comes in: who is calling (401), may they (403), how often (429), and on this printer (400, 403). Nothing but headers and path is
 * looked at, so that no body of a caller who is not known and allowed is ever read. Every request of the API passes here,
 * whichever way it takes afterwards.
 */
@Injectable()
export class Admission {
  constructor(
    private readonly authenticator: TokenAuthenticator,
    private readonly policy: PolicyService,
    private readonly rate: RequestRate,
  ) {}

  /**
   * Puts `principal` and `caller` on the request: at once where its token was verified before, otherwise when the promise is fulfilled.
   * Throws, or rejects with, the problem that refuses it.
   */
  admit(request: Applicant, entry: Entry): void | Promise<void> {
    const principal = this.authenticator.authenticate(request);
    if (!(principal instanceof Promise)) return this.allow(request, entry, principal);
    return principal.then((verified) => this.allow(request, entry, verified));
  }

  private allow(request: Applicant, entry: Entry, principal: Principal): void {
    request.principal = principal;
    tracedNow('policy', () => this.require(request, entry, principal));
  }

  private require(request: Applicant, { requires, printerId }: Entry, principal: Principal): void {
    const grant = this.policy.grantOf(principal);
    if (!grant.meets(requires)) {
      this.rate.countRefusal(principal, grant.requestsPerMinute(requires));
      throw new PermissionNotGranted(requires);
    }
    this.rate.count(principal, grant.requestsPerMinute(requires));
    if (printerId !== undefined) requirePrinterGranted(requires, parsePrinterId(printerId), grant);
    request.caller = { principal, grant, requirement: requires, context: request.context };
  }
}
