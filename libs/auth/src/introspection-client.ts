import { createPrivateKey, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

/** As whom an issuer is asked about its tokens (RFC 7662 §2.1). */
export type IntrospectionClient =
  | {
      readonly authentication: 'client_secret_basic' | 'client_secret_post';
      readonly clientId: string;
      readonly secret: string;
    }
  | {
      readonly authentication: 'private_key_jwt';
      readonly clientId: string;
      /** In PEM form. */
      readonly privateKey: string;
      readonly algorithm: string;
      readonly keyId: string | undefined;
    };

/** What proves to the issuer who is asking. */
export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
}

const ASSERTION_SECONDS = 60;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** RFC 6749 §2.3.1 for secrets, RFC 7523 §2.2 for keys; the assertion is for the issuer alone. */
export async function clientProof(client: IntrospectionClient, issuer: string): Promise<ClientProof> {
  const { clientId } = client;
  switch (client.authentication) {
    case 'client_secret_basic': {
      const pair = [clientId, client.secret].map(formEncoded).join(':');
      return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, form: {} };
    }
    case 'client_secret_post':
      return { headers: {}, form: { client_id: clientId, client_secret: client.secret } };
    case 'private_key_jwt': {
      const { algorithm: alg, keyId, privateKey } = client;
      const assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader(keyId === undefined ? { alg } : { alg, kid: keyId })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(issuer)
        .setIssuedAt()
        .setExpirationTime(`${ASSERTION_SECONDS}s`)
        .sign(createPrivateKey(privateKey));
      return {
        headers: {},
        form: { client_id: clientId, client_assertion_type: JWT_BEARER, client_assertion: assertion },
      };
    }
  }
}

/** As `application/x-www-form-urlencoded` writes a value. */
function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}
