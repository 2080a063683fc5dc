import { Injectable } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult } from '@nestjs/terminus';
import { AuthTokenService } from '#libs/idaas';
import { PolicyService } from '#libs/policy';
import { Store } from '#libs/store';
import { ResolutionState } from '../unknown-prints/resolution-state.js';
import { Drain } from './drain.js';

/** Whether new requests should come to this gateway, and why not. */
@Injectable()
export class Readiness {
  constructor(
    private readonly health: HealthCheckService,
    private readonly drain: Drain,
    private readonly tokens: AuthTokenService,
    private readonly store: Store,
    private readonly policy: PolicyService,
    private readonly resolution: ResolutionState,
  ) {}

  /** Configuration and policy are valid, or the gateway would not have started. Without Redis it is ready, but degraded. */
  async check(): Promise<{ isReady: boolean; body: object }> {
    const checks = [() => this.checkDrain(), () => this.checkCredentials()];
    const isReady = await this.health.check(checks).then(
      () => true,
      () => false,
    );
    const { isShared, isUp, trouble } = this.store;
    const isUsable = isUp && trouble === undefined;
    const sharedState = isShared
      ? { isShared, isUp, isUsable, trouble }
      : { isShared, note: 'state is kept in this process' };
    const status = isReady ? (isUsable ? 'ready' : 'degraded') : 'not ready';
    return {
      isReady,
      body: {
        status,
        policyVersion: this.policy.current.version,
        sharedState,
        isStopping: this.drain.isDraining,
        areCredentialsRefused: this.tokens.isRefused,
        // Why prints of unknown outcome wait for a person, where they do.
        ...(this.resolution.obstacle !== undefined && { resolutionOff: this.resolution.obstacle }),
      },
    };
  }

  private checkDrain(): HealthIndicatorResult {
    return { drain: { status: this.drain.isDraining ? 'down' : 'up' } };
  }

  private checkCredentials(): HealthIndicatorResult {
    return { credentials: { status: this.tokens.isRefused ? 'down' : 'up' } };
  }
}
