import { createServer, type Server } from 'node:http';
import type { JWK } from 'jose';
import { newSigningKeys } from './key-rotation.js';
import { createProvider } from './provider.js';
import type { Settings } from './settings.js';

/**
 * The provider behind a server of its own. `POST /__idp/rotate` puts new signing keys in front of the old ones,
 * which stay published, as a provider does that rotates with care.
 */
export async function createIdp(settings: Settings): Promise<Server> {
  let keys: JWK[] = [];
  let answer: ReturnType<ReturnType<typeof createProvider>['callback']>;
  const rotate = async () => {
    keys = [...(await newSigningKeys()), ...keys];
    answer = createProvider(settings, keys).callback();
  };
  await rotate();
  return createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== '/__idp/rotate') return void answer(request, response);
    void rotate().then(() => response.writeHead(204).end());
  });
}
