import { Injectable } from '@nestjs/common';
import { TokenAuthenticator } from '#libs/auth';
import type { PrintStatusId } from '#libs/contract';
import { JobRegistry } from '#libs/jobs';
import { jobsCoveredFor, PermissionNotGranted, PolicyService, type Caller } from '#libs/policy';

/** What a status is read with. */
const READING = 'ISSUANCE:VIEW';

/**
 * Holds callers who stay, because they follow a job or wait for its next status, to what is in force now: a token that ended, an issuer or a
 * key that is not trusted any more, a role that lost the permission, or the job.
 */
@Injectable()
export class StayingCallers {
  constructor(
    private readonly authenticator: TokenAuthenticator,
    private readonly policy: PolicyService,
    private readonly jobs: JobRegistry,
  ) {}

  /**
   * The caller as a request with this `Authorization` would have them now. Rejects with what would refuse its read of the job's status.
   */
  async admitAgain(authorization: string | undefined, id: PrintStatusId): Promise<Caller> {
    const principal = await this.authenticator.authenticate({ headers: { authorization } });
    const grant = this.policy.grantOf(principal);
    if (!grant.meets(READING)) throw new PermissionNotGranted(READING);
    const caller: Caller = { principal, grant, requirement: READING };
    await this.jobs.requireVisible(id, jobsCoveredFor(caller, READING));
    return caller;
  }
}
