import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import type { BenchServer } from './server.js';
import { isInstalled } from './load.js';
import { haproxyConfig } from './baselines/haproxy.js';
import type { World } from './world.js';

export interface Servers {
  readonly ours: BenchServer;
  readonly bare: BenchServer;
  readonly httpProxy: BenchServer;
  readonly usualNest: BenchServer;
  /** Where HAProxy is installed. */
  readonly haproxy: BenchServer | undefined;
}

export async function startServers(world: World): Promise<Servers> {
  return {
    ours: await startGateway(world),
    bare: await startBaseline(world, 'bare node:http', 'bare'),
    httpProxy: await startBaseline(world, '@fastify/http-proxy', 'http-proxy'),
    usualNest: await startBaseline(world, 'usual Nest gateway', 'usual-nest'),
    haproxy: isInstalled('haproxy') ? await startHaproxy(world) : undefined,
  };
}

/** As in production: nothing but what has no default is set. */
export async function startGateway(
  world: World,
  settings: Record<string, string> = {},
  name = 'this gateway',
): Promise<BenchServer> {
  const [port, managementPort] = [await freePort(), await freePort()];
  return world.start({
    name,
    words: [...nodeWords(), 'dist/apps/gateway/src/main.js'],
    port,
    readyUrl: `http://127.0.0.1:${managementPort}/health/ready`,
    environment: {
      PORT: String(port),
      HOST: '127.0.0.1',
      MANAGEMENT_PORT: String(managementPort),
      POLICY_FILE: join(world.directory, 'policy.yaml'),
      IDAAS_BASE_URL: world.facts.ORIGIN ?? '',
      IDAAS_APPLICATION_ID: 'b0bd854d-1d32-47b3-9b69-2ac7d3a3c3fb',
      IDAAS_SHARED_SECRET: 'shared-secret-of-the-bench-0123456789',
      REDIS_URL: world.redis.url,
      ...settings,
    },
  });
}

/** `BENCH_NODE_OPTIONS`, such as `--cpu-prof`, goes to the gateway. */
function nodeWords(): string[] {
  return [process.execPath, ...(process.env.BENCH_NODE_OPTIONS ?? '').split(' ').filter(Boolean)];
}

async function startBaseline(world: World, name: string, file: string): Promise<BenchServer> {
  const port = await freePort();
  const words = [process.execPath, join(import.meta.dirname, 'baselines', `${file}.js`)];
  return world.start({ name, words, port, environment: { ...world.facts, PORT: String(port) } });
}

async function startHaproxy(world: World): Promise<BenchServer> {
  const port = await freePort();
  const file = join(world.directory, 'haproxy.cfg');
  writeFileSync(file, haproxyConfig(port, world.originPort, world.publicKeyFile, world.issuer));
  return world.start({ name: 'HAProxy, one thread', words: ['haproxy', '-db', '-f', file], port });
}
