import { isMap, type Claims } from './claim-path.js';
import { clientProof, type IntrospectionClient } from './introspection-client.js';
import { boundedText, KeyFetchFault, networkFault } from './key-set-fetch.js';
import type { Ask } from './issuer-client.js';
import { keyAddressFault } from './key-address.js';

/** Where and as whom an issuer is asked about its tokens. */
export interface IntrospectionSource {
  readonly endpoint: string;
  readonly allowHttp: boolean;
  /** How the tokens begin that are asked about here; empty for all that begin in no other known way. */
  readonly tokenPrefix: string;
  readonly client: IntrospectionClient;
}

/**
 * What the issuer says of a token (RFC 7662 §2.2); undefined where it says that it is not active. The token goes to the address that the
 * policy names and nowhere else. Throws {@link KeyFetchFault}.
 */
export async function introspect(
  token: string,
  issuer: string,
  { endpoint, allowHttp, client }: IntrospectionSource,
  ask: Ask,
  signal: AbortSignal,
): Promise<Claims | undefined> {
  const fault = keyAddressFault(endpoint, { allowHttp });
  if (fault !== undefined) throw new KeyFetchFault(`tokens are not sent there: ${fault}`, endpoint);
  const { headers, form } = await clientProof(client, issuer);
  const body = new URLSearchParams({ token, token_type_hint: 'access_token', ...form });
  try {
    const response = await ask(endpoint, { method: 'POST', signal, headers, body });
    const text = await boundedText(response, endpoint);
    if (response.status !== 200) throw new KeyFetchFault(`the issuer answered ${response.status}`, endpoint);
    return claimsIn(text, endpoint);
  } catch (error) {
    throw error instanceof KeyFetchFault
      ? error
      : new KeyFetchFault(networkFault(error), endpoint, { cause: error });
  }
}

function claimsIn(text: string, endpoint: string): Claims | undefined {
  const answer = parsed(text);
  if (!isMap(answer) || typeof answer.active !== 'boolean')
    throw new KeyFetchFault('the answer is no introspection response', endpoint);
  // Some providers write what they leave out as null.
  const said = Object.entries(answer).filter(([, value]) => value !== null);
  return answer.active ? Object.fromEntries(said) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
