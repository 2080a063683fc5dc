import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const load = (file) => import(pathToFileURL(`dist/apps/idaas-emulator/src/${file}`).href);
const { createEmulator } = await load('create-emulator.js');
const { readSettings } = await load('settings.js');

/** By the port at which each is reached. */
const emulators = new Map();

/**
 * A process that has as many emulators as the tests of one worker of Jest ask for, each with a state and a port of its own: to start one takes no process.
 * `POST /` with the settings answers its port, and `DELETE /<port>` ends it at once.
 */
const server = createServer((request, response) => {
  const answer = request.method === 'POST' ? start(request) : end(Number(request.url.slice(1)));
  answer.then(
    (text) => response.end(text),
    (error) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`${server.address().port}\n`);

async function start(request) {
  const emulator = createEmulator(readSettings(await json(request)));
  await emulator.listen({ port: 0, host: '127.0.0.1' });
  const { port } = emulator.server.address();
  emulators.set(port, emulator);
  return String(port);
}

/** What it is slow with is not finished. */
async function end(port) {
  const emulator = emulators.get(port);
  emulators.delete(port);
  await emulator?.close();
  return '';
}
