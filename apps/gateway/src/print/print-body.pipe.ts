import { Injectable } from '@nestjs/common';
import { PolicyService } from '#libs/policy';
import { ValidatingPipe } from '../http/validating.pipe.js';

/** The same for what is sent upstream: members of a newer version of the vendor's API pass where the policy names them. */
@Injectable()
export class PrintBodyPipe extends ValidatingPipe {
  constructor(private readonly policy: PolicyService) {
    super();
  }

  protected override get allowedUnknown() {
    return this.policy.current.allowUnknown;
  }
}
