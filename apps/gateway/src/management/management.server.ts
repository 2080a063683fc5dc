import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { fastify, type FastifyInstance } from 'fastify';
import { PolicyService } from '#libs/policy';
import { GatewayConfig } from '../gateway.config.js';

/** Health on a port of its own, so that it is never in front of the public. */
@Injectable()
export class ManagementServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server: FastifyInstance = fastify();

  constructor(
    private readonly config: GatewayConfig,
    private readonly policy: PolicyService,
  ) {
    this.server.get('/health/live', () => ({ status: 'live' }));
    this.server.get('/health/ready', () => ({ status: 'ready', policyVersion: this.policy.current.version }));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.server.listen({ port: this.config.managementPort, host: this.config.host });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.server.close();
  }
}
