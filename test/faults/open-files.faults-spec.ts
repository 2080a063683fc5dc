import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

const OPEN_FILES = 128;
const CONNECTIONS = 300;

describe('a gateway that may have 128 files open, and three hundred connections', () => {
  let env: TestEnvironment;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    env = await TestEnvironment.open({ start: () => ({ openFiles: OPEN_FILES }), policy: withoutQuotas });
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
  afterAll(() => env.close());

  /** Opens them all, and says this on each. */
  async function connectMany(text: string): Promise<void> {
    const port = Number(new URL(env.gatewayUrl).port);
    for (let at = 0; at < CONNECTIONS; at += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      sockets.push(socket);
      await once(socket, 'connect');
      socket.write(text);
    }
  }

  it.each([
    ['that say nothing', ''],
    ['that were used once', 'GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['that never end their request', 'GET /nothing HTTP/1.1\r\nhost: x\r\nx-slow: '],
  ])('%s, is alive and ready, and serves', async (_, text) => {
    await connectMany(text);
    const { managementUrl } = env.gateway(0);
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await fetch(managementUrl + path)).status).toBe(200);
    await eventually(async () => {
      const printed = await env.as('olga').post(printPath(), printRequest(), keyHeader());
      expect(printed.status).toBe(200);
    }, 20_000);
    expect(env.output).toContain('Too many connections');
    expect(env.output).not.toContain('EMFILE');
  });

  it('counts those that it refused', async () => {
    await connectMany('');
    await delay(50);
    const metrics = await env.gateway(0).metrics();
    const valueOf = (name: string) =>
      Number(new RegExp(`^print_gateway_${name} (\\d+)`, 'm').exec(metrics)?.[1]);
    expect(valueOf('connections')).toBeLessThanOrEqual(valueOf('connections_limit'));
    expect(valueOf('connections_refused_total')).toBeGreaterThan(CONNECTIONS / 2);
  });
});
