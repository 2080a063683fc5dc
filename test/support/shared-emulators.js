import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts for each worker of Jest a process that has its emulators (`emulator-host.js`), and ends with this one; the addresses at which they are told. */
export function startEmulatorHosts(count) {
  return Promise.all(Array.from({ length: count }, startHost));
}

async function startHost() {
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' };
  const words = ['test/support/emulator-host.js'];
  const host = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => host.kill('SIGKILL'));
  const ended = once(host, 'exit').then(([code]) => {
    throw new Error(`the host of the emulators ended with ${code}`);
  });
  const [port] = await Promise.race([once(host.stdout, 'data'), ended]);
  host.unref();
  host.stdout.unref();
  return `http://127.0.0.1:${String(port).trim()}`;
}
