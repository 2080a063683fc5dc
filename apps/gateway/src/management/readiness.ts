import { Injectable } from '@nestjs/common';
import { AuthenticationWatch, AuthTokenService } from '#libs/idaas';
import { PolicyService } from '#libs/policy';
import { Store } from '#libs/store';
import { ResolutionState } from '../printing/outcome-resolution/resolution-state.js';
import { ReadinessDrain } from './readiness-drain.js';

/** Whether new requests should come to this gateway, and why not. */
@Injectable()
export class Readiness {
  constructor(
    private readonly drain: ReadinessDrain,
    private readonly tokens: AuthTokenService,
    private readonly authentication: AuthenticationWatch,
    private readonly store: Store,
    private readonly policy: PolicyService,
    private readonly resolution: ResolutionState,
  ) {}

  /**
   * Ready is what can answer: configuration and policy are valid, or the gateway would not have started, and the upstream has accepted the
   * credentials once. Without Redis, and while the upstream refuses the credentials, it is ready, but degraded.
   */
  check(): { isReady: boolean; body: object } {
    const { neverBecause: notAuthenticated } = this.authentication;
    // Later refusals only degrade: what needs no upstream is served all the same.
    const isReady = !this.drain.isDraining && notAuthenticated === undefined;
    const { isShared, isUp, trouble } = this.store;
    const isUsable = isUp && trouble === undefined;
    const sharedState = isShared
      ? { isShared, isUp, isUsable, trouble }
      : { isShared, note: 'state is kept in this process' };
    const areCredentialsRefused = this.tokens.isRefused;
    const status = isReady ? (isUsable && !areCredentialsRefused ? 'ready' : 'degraded') : 'not ready';
    return {
      isReady,
      body: {
        status,
        policyVersion: this.policy.current.version,
        sharedState,
        isStopping: this.drain.isDraining,
        areCredentialsRefused,
        // Why the upstream has not accepted them since the start.
        notAuthenticated,
        // Why prints of unknown outcome wait for a person, where they do.
        ...(this.resolution.obstacle !== undefined && { resolutionOff: this.resolution.obstacle }),
      },
    };
  }
}
