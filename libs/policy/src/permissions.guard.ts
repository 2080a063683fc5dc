import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { tracedNow } from '#libs/telemetry';
import type { CallersRequest } from './caller.js';
import { PermissionNotGranted } from './policy.problems.js';
import { PolicyService } from './policy.service.js';
import { requirement } from './requires.decorator.js';

/** Puts the caller with their grant on the request, or answers 403. Runs behind the guard that finds out who is calling. */
@Injectable()
export class PermissionsGuard implements CanActivate {
  constructor(private readonly policy: PolicyService) {}

  canActivate(context: ExecutionContext): boolean {
    return tracedNow('policy', () => this.allow(context));
  }

  private allow(context: ExecutionContext): true {
    const handler = context.getHandler();
    const request = context.getArgByIndex<CallersRequest>(0);
    const { principal, context: requestContext } = request;
    const grant = principal && this.policy.grantOf(principal);
    const needed = requirement(handler);
    if (!principal || !grant?.meets(needed)) throw new PermissionNotGranted(needed);
    request.caller = { principal, grant, context: requestContext };
    return true;
  }
}
