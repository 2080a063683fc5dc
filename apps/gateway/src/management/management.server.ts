import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { fastify, type FastifyInstance } from 'fastify';
import { Metrics } from '#libs/telemetry';
import { GatewayConfig } from '../gateway.config.js';
import { listeningHost } from '../server/listening-host.js';
import { Readiness } from './readiness.js';

const NOT_READY = 503;
/** Probes and scrapers; those of callers have a limit of their own (`connectionLimit`). */
const MAX_CONNECTIONS = 24;

/** Health and metrics on a port of their own, so that they are never in front of the public. */
@Injectable()
export class ManagementServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly server: FastifyInstance = fastify({ forceCloseConnections: true });

  constructor(
    private readonly config: GatewayConfig,
    readiness: Readiness,
    metrics: Metrics,
  ) {
    this.server.server.maxConnections = MAX_CONNECTIONS;
    this.server.get('/health/live', () => ({ status: 'live' }));
    this.server.get('/health/ready', (_request, reply) => {
      const { isReady, body } = readiness.check();
      return reply.code(isReady ? 200 : NOT_READY).send(body);
    });
    this.server.get('/metrics', async (_request, reply) =>
      reply.header('content-type', metrics.contentType).send(await metrics.text()),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    const { managementPort: port, host } = this.config;
    await this.server.listen({ port, host: await listeningHost(host) });
  }

  /** Last of all: until then it tells that the gateway is stopping. */
  async onApplicationShutdown(): Promise<void> {
    await this.server.close();
  }
}
