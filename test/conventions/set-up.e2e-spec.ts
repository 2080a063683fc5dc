import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { eventually } from '../support/eventually.js';
import { onFreePort } from '../support/free-port.js';
import { TestEnvironment } from '../support/test-environment.js';

/** The processes that this one has started and that still run. */
const children = () =>
  readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );

describe('a set-up that fails', () => {
  it('stops what it had started', async () => {
    const before = new Set(children());
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const each = (index: number): Record<string, string> => (index === 1 ? { PORT: String(port) } : {});
    await expect(TestEnvironment.open({ gateways: 2, each })).rejects.toThrow('EADDRINUSE');
    server.close();
    await eventually(() => expect(children().filter((child) => !before.has(child))).toEqual([]));
  });

  it('is tried again on another port where somebody took the first meanwhile, and not for other reasons', async () => {
    const ports = new Set<number>();
    const start = (port: number) => {
      ports.add(port);
      return ports.size < 3 ? Promise.reject(new Error('listen EADDRINUSE')) : Promise.resolve(port);
    };
    await onFreePort(start);
    expect(ports.size).toBe(3);
    let tries = 0;
    const broken = () => {
      tries += 1;
      return Promise.reject(new Error('no memory'));
    };
    await expect(onFreePort(broken)).rejects.toThrow('no memory');
    expect(tries).toBe(1);
  });
});
