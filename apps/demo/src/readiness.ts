import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 30_000;

/** The first of these ports that somebody listens on already. */
export async function firstPortInUse(ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) if (await isInUse(port)) return port;
  return undefined;
}

function isInUse(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}

/** Waits until this address answers with success. */
export async function answering(url: string): Promise<void> {
  const endsAtMs = Date.now() + PATIENCE_MS;
  while (!(await answers(url))) {
    if (Date.now() > endsAtMs) throw new Error(`${url} does not answer`);
    await delay(50);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
