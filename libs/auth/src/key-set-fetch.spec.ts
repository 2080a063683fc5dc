import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askOver } from './issuer-client.js';
import { fetchKeySet } from './key-set-fetch.js';

const jwk = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'k', use: '' };

describe('the key set of an issuer', () => {
  let server: Server;
  let issuer: string;
  /** What stands in front of each answer. */
  let before: string;

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      const found = { issuer, jwks_uri: `${issuer}/keys` };
      response.end(before + JSON.stringify(url === '/keys' ? { keys: [null, jwk] } : found));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const fetched = () =>
    fetchKeySet({ kind: 'discovery', issuer, allowHttp: false }, askOver(), AbortSignal.timeout(5_000));

  it.each([
    ['nothing', ''],
    ['a byte order mark', '\uFEFF'],
  ])('is found and read with %s in front of each answer', async (_, mark) => {
    before = mark;
    const { keysFor, passedOver } = await fetched();
    expect(keysFor({ alg: 'EdDSA', kid: 'k' }).length).toBe(1);
    expect(passedOver).toEqual(['an entry of the key set is null']);
  });

  it('is none where something else stands in front', async () => {
    before = '<html>';
    await expect(fetched()).rejects.toThrow('the answer is not JSON');
  });
});
