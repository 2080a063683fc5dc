import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { GrantedRequest } from './granted-request.js';
import { PermissionNotGranted } from './policy.problems.js';
import { PolicyService } from './policy.service.js';
import { requiredPermission } from './requires.decorator.js';

/** Puts the caller's grant on the request, or answers 403. Runs behind the guard that finds out who is calling. */
@Injectable()
export class PermissionsGuard implements CanActivate {
  constructor(private readonly policy: PolicyService) {}

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const request = context.switchToHttp().getRequest<GrantedRequest>();
    const grant = request.principal && this.policy.grantOf(request.principal);
    const permission = requiredPermission(handler);
    if (!grant || !permission || !grant.allows(permission)) throw new PermissionNotGranted(permission);
    request.grant = grant;
    return true;
  }
}
