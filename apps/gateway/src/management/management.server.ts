import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { fastify, type FastifyInstance } from 'fastify';
import { PolicyService } from '#libs/policy';
import { Store } from '#libs/store';
import { GatewayConfig } from '../gateway.config.js';

/** Health on a port of its own, so that it is never in front of the public. */
@Injectable()
export class ManagementServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server: FastifyInstance = fastify();

  constructor(
    private readonly config: GatewayConfig,
    private readonly policy: PolicyService,
    private readonly store: Store,
  ) {
    this.server.get('/health/live', () => ({ status: 'live' }));
    this.server.get('/health/ready', () => this.readiness());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.server.listen({ port: this.config.managementPort, host: this.config.host });
  }

  /** Without Redis the gateway is ready all the same, but degraded, and says so. */
  private readiness() {
    const { isShared, isUp } = this.store;
    const sharedState = isShared ? { isShared, isUp } : { isShared, note: 'state is kept in this process' };
    const status = isUp ? 'ready' : 'degraded';
    return { status, policyVersion: this.policy.current.version, sharedState };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.server.close();
  }
}
