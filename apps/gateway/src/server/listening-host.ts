import { createServer } from 'node:net';

const EVERY_ADDRESS = '::';
const EVERY_IPV4_ADDRESS = '0.0.0.0';

/** What `HOST` says, or all of IPv4 where it says every address and this machine has no IPv6. */
export function listeningHost(host: string): Promise<string> {
  if (host !== EVERY_ADDRESS) return Promise.resolve(host);
  const trial = createServer();
  return new Promise((resolve) => {
    trial.once('error', () => resolve(EVERY_IPV4_ADDRESS));
    trial.listen({ port: 0, host }, () => trial.close(() => resolve(host)));
  });
}
