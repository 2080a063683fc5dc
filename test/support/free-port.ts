import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports below those that the kernel gives to outgoing connections (32768 on, `ip_local_port_range`), and so that the port of a Redis
 * cluster's bus, 10000 above, is no other test's; above 10080, which `fetch` refuses (Fetch Standard, "port blocking").
 */
const FIRST_PORT = 10_100;
/** Each of the first four workers of Jest has ports of its own: a port is taken only a while after it was found free. */
const PORTS_OF_WORKER = 2_500;

const worker = (Number(process.env.JEST_WORKER_ID ?? 1) - 1) % 4;
let turn = Math.floor(Math.random() * PORTS_OF_WORKER);

/** A loopback port nobody listens on at the moment, and that no other test of this run is given. */
export async function freePort(): Promise<number> {
  for (;;) {
    turn = (turn + 1) % PORTS_OF_WORKER;
    const port = FIRST_PORT + worker * PORTS_OF_WORKER + turn;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}

const ATTEMPTS = 3;
const IS_TAKEN = /EADDRINUSE|address already in use/i;

/** Starts something on a port that was free a moment ago; again on another where somebody took it meanwhile. What `start` has begun it must end when it fails. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === ATTEMPTS || !IS_TAKEN.test(String(error))) throw error;
    }
  }
}
