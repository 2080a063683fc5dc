import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { CallersRequest } from './caller.js';
import { PermissionNotGranted } from './policy.problems.js';
import { PolicyService } from './policy.service.js';
import { requiredPermission } from './requires.decorator.js';

/** Puts the caller with their grant on the request, or answers 403. Runs behind the guard that finds out who is calling. */
@Injectable()
export class PermissionsGuard implements CanActivate {
  constructor(private readonly policy: PolicyService) {}

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const request = context.switchToHttp().getRequest<CallersRequest>();
    const caller = request.principal && this.policy.callerFor(request.principal);
    const permission = requiredPermission(handler);
    if (!caller || !permission || !caller.grant.allows(permission))
      throw new PermissionNotGranted(permission);
    request.caller = caller;
    return true;
  }
}
