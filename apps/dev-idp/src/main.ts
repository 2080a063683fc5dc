import { createIdp } from './create-idp.js';
import { readSettings } from './settings.js';

const settings = readSettings(process.env);
const server = await createIdp(settings);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}

server.on('error', (error) => {
  process.stderr.write(`dev-idp: ${error.message}\n`);
  process.exit(1);
});
server.listen(settings.port, settings.host);
