import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { PermissionNotGranted, type CallersRequest } from '#libs/policy';

/** Answers a route of a controller to nobody whom the admission did not let in: one that says nothing of what it requires, to nobody. */
@Injectable()
export class AdmittedGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getArgByIndex<CallersRequest>(0).caller) return true;
    throw new PermissionNotGranted(undefined);
  }
}
