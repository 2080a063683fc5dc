import { Injectable } from '@nestjs/common';
import { PolicyService } from '#libs/policy';
import type { Violation } from '#libs/validation';
import { GatewayConfig } from '../gateway.config.js';
import { ValidatingPipe } from '../server/request/validating.pipe.js';
import { cardImageViolations } from './images/card-image.violations.js';

/** The same for what is sent upstream: images are looked into, and members of a newer version of the vendor's API pass where the policy names them. */
@Injectable()
export class PrintBodyPipe extends ValidatingPipe {
  constructor(
    private readonly policy: PolicyService,
    private readonly config: GatewayConfig,
  ) {
    super();
  }

  protected override get allowedUnknown() {
    return this.policy.current.allowUnknown;
  }

  protected override configuredViolations(dto: object): Violation[] {
    const { imageMinSidePixels: minPixels, imageMaxSidePixels: maxPixels } = this.config;
    return cardImageViolations(dto, { minPixels, maxPixels });
  }
}
