import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fetch } from 'undici';

/** Starts an identity provider that ends with this process; the address at which it answers. */
export async function startSharedIdp() {
  const port = await freePort();
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', IDP_PORT: String(port) };
  const idp = spawn(process.execPath, ['dist/apps/dev-idp/src/main.js'], { env, stdio: 'ignore' });
  idp.unref();
  process.once('exit', () => idp.kill('SIGKILL'));
  const url = `http://localhost:${port}`;
  while (!(await answers(`${url}/.well-known/openid-configuration`))) {
    if (idp.exitCode !== null) throw new Error(`the identity provider ended with ${idp.exitCode}`);
    await delay(20);
  }
  return url;
}

const answers = (url) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}
