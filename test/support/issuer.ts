import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

interface SigningKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

/** An issuer whose every misdeed a test decides: it signs what it is told, and counts who fetches its keys. */
export class TestIssuer {
  fetches = 0;
  isAway = false;
  published: JWK[] = [];
  /** Headers of its answers beside the usual ones. */
  headers: Record<string, string> = {};
  /** Where its discovery document says that its keys are; undefined where they are. */
  jwksUri: string | undefined;
  private server: Server | undefined;
  url = '';

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    issuer.server = createServer(({ url }, response) => {
      if (url === '/moved') return void response.writeHead(302, { location: `${issuer.url}/jwks` }).end();
      const isDiscovery = url === '/.well-known/openid-configuration';
      if (!isDiscovery) issuer.fetches += 1;
      if (issuer.isAway) return void response.writeHead(500).end();
      const found = { issuer: issuer.url, jwks_uri: issuer.jwksUri ?? `${issuer.url}/jwks` };
      response
        .writeHead(200, { 'content-type': 'application/json', ...issuer.headers })
        .end(JSON.stringify(isDiscovery ? found : { keys: issuer.published }));
    });
    await new Promise<void>((resolve) => issuer.server?.listen(0, '127.0.0.1', resolve));
    issuer.url = `http://127.0.0.1:${(issuer.server.address() as AddressInfo).port}`;
    return issuer;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** Makes a key and publishes it. */
  async publishKey(kid: string, alg = 'RS256'): Promise<SigningKey> {
    const key = await newKey(kid, alg);
    this.published = [...this.published.filter((each) => each.kid !== kid), key.jwk];
    return key;
  }

  /** Makes a key and publishes it alone: as in any rotation, at no time is there none. */
  async replaceKeys(kid: string): Promise<SigningKey> {
    const key = await newKey(kid);
    this.published = [key.jwk];
    return key;
  }

  /** A token as a well-behaved provider issues it, with whatever this test changes. */
  async sign(
    key: SigningKey,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const payload = { ...this.claims(), ...claims };
    const signer = new SignJWT(payload).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header });
    return signer.sign(key.privateKey, { crit: { b64: true, 'x-unknown': true } });
  }

  claims(): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: this.url,
      aud: 'print-gateway',
      sub: 'tess',
      roles: ['card-operator'],
      iat: now,
      exp: now + 600,
    };
  }
}

export async function newKey(kid: string, alg = 'RS256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}
