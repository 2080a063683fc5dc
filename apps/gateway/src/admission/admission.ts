import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { distributedRolesAdvice, SenderNotProven, TokenAuthenticator, type Principal } from '#libs/auth';
import { RequestRate } from '#libs/limits';
import {
  PermissionNotGranted,
  PolicyService,
  requirePrinterGranted,
  type Caller,
  type Grant,
  type Requirement,
} from '#libs/policy';
import { tracedNow, type RequestContext } from '#libs/telemetry';
import { parsePrinterId } from '../server/request/id-params.js';
import { SenderProofs } from './sender-proofs.js';

const NONCE_WANTED = 'use-dpop-nonce';

/** A request that asks to be admitted. What is found out is put on it, so that a refusal is logged under its caller's name too. */
export interface Applicant {
  readonly headers: { readonly authorization?: string | undefined };
  readonly raw: IncomingMessage;
  readonly context?: RequestContext;
  principal?: Principal | undefined;
  caller?: Caller | undefined;
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
    private readonly senders: SenderProofs,
  ) {}

  /**
   * Puts `principal` and `caller` on the request: at once where its token was verified before, otherwise when the promise is fulfilled.
   * Throws, or rejects with, the problem that refuses it.
   */
  admit(request: Applicant, entry: Entry): void | Promise<void> {
    return this.whenKnown(request, (principal) => {
      // Whoever presents it is named in the log, and in the audit.
      request.principal = principal;
      const allow = () => this.allow(request, entry, principal);
      const proving = this.senders.require(request.raw, principal, allow);
      return proving ? proving.catch((error: unknown) => this.refuse(error, entry, principal)) : allow();
    });
  }

  /**
   * Holds a request whose body has come against the policy and the keys of now: an upload may last, and what was granted when it began
   * may be granted no more. Puts the caller of now on the request. Not counted once more, and its sender is proven. Throws, or rejects, like `admit`.
   */
  admitAgain(request: Applicant, entry: Entry): void | Promise<void> {
    return this.whenKnown(request, (principal) => this.allowAgain(request, entry, principal));
  }

  private whenKnown(
    request: Applicant,
    allow: (principal: Principal) => void | Promise<void>,
  ): void | Promise<void> {
    const principal = this.authenticator.authenticate(request);
    return principal instanceof Promise ? principal.then(allow) : allow(principal);
  }

  private allow(request: Applicant, entry: Entry, principal: Principal): void {
    tracedNow('policy', () => this.countAndAllow(request, entry, principal));
  }

  /** Who does not prove to be the sender is counted as one who is refused. Who lacks the nonce of now alone has the key. */
  private refuse(error: unknown, { requires }: Entry, principal: Principal): never {
    if (error instanceof SenderNotProven && error.reason !== NONCE_WANTED)
      this.rate.countRefusal(principal, this.policy.grantOf(principal).requestsPerMinute(requires));
    throw error;
  }

  private countAndAllow(request: Applicant, entry: Entry, principal: Principal): void {
    const grant = this.policy.grantOf(principal);
    const limit = grant.requestsPerMinute(entry.requires);
    try {
      requireGranted(entry, grant, principal);
    } catch (refusal) {
      this.rate.countRefusal(principal, limit);
      throw refusal;
    }
    this.rate.count(principal, limit);
    request.caller = callerOf(request, entry, principal, grant);
  }

  private allowAgain(request: Applicant, entry: Entry, principal: Principal): void {
    const grant = this.policy.grantOf(principal);
    requireGranted(entry, grant, principal);
    request.caller = callerOf(request, entry, principal, grant);
  }
}

function requireGranted({ requires, printerId }: Entry, grant: Grant, principal: Principal): void {
  if (!grant.meets(requires)) throw new PermissionNotGranted(requires, distributedRolesAdvice(principal));
  if (printerId !== undefined) requirePrinterGranted(requires, parsePrinterId(printerId), grant);
}

function callerOf({ context }: Applicant, { requires }: Entry, principal: Principal, grant: Grant): Caller {
  return { principal, grant, requirement: requires, context };
}
