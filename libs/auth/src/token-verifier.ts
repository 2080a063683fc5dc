import { Injectable } from '@nestjs/common';
import { SingleFlight } from '#libs/concurrency';
import { Metrics } from '#libs/telemetry';
import type { IssuerKeys } from './issuer-keys.js';
import type { Principal } from './principal.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { TokenCache } from './token.cache.js';

/** Sees to it that the signature of a token is checked once, however often, and by however many at once, it is sent. */
@Injectable()
export class TokenVerifier {
  private count = 0;
  private readonly checks = new SingleFlight<Principal | undefined>();

  constructor(
    private readonly tokens: TokenCache,
    private readonly issuers: TrustedIssuers,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'signature_checks',
      'Signatures of access tokens checked since the start.',
      () => this.count,
    );
  }

  /** Whose token it is; undefined when its signature does not hold. Rejects with what `verify` rejects with. */
  run(
    token: string,
    keys: IssuerKeys,
    verify: () => Promise<Principal | undefined>,
  ): Promise<Principal | undefined> {
    return this.checks.run(token, () => this.check(token, keys, verify));
  }

  private async check(
    token: string,
    keys: IssuerKeys,
    verify: () => Promise<Principal | undefined>,
  ): Promise<Principal | undefined> {
    do {
      const { version } = this.issuers;
      const principal = this.tokens.isRefused(token) ? undefined : await this.counted(verify);
      if (principal) {
        this.tokens.remember(token, principal, version);
        return principal;
      }
      this.tokens.refuse(token, version);
      // A provider may put another key under the same key id: one fresh look, if the cooldown allows it.
    } while (await keys.renewedAfterBadSignature());
    return undefined;
  }

  private counted(verify: () => Promise<Principal | undefined>): Promise<Principal | undefined> {
    this.count += 1;
    return verify();
  }
}
