import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { PermissionNotGranted } from '#libs/policy';
import type { BodyRequest } from '../server/body/release-when-handled.js';
import { entryOf, type ApplyingRequest } from './admission.hook.js';
import { Admission } from './admission.js';

/**
 * Answers a route of a controller to nobody whom the admission did not let in: one that says nothing of what it requires, to nobody.
 * Behind a body, which may have taken its time, and be empty in the end, the admission is asked again.
 */
@Injectable()
export class AdmittedGuard implements CanActivate {
  constructor(private readonly admission: Admission) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.getArgByIndex<ApplyingRequest & BodyRequest>(0);
    if (!request.caller) throw new PermissionNotGranted(undefined);
    if (request.bodyShare) await this.admission.admitAgain(request, entryOf(request));
    return true;
  }
}
