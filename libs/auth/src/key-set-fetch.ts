import type { Response } from 'undici';
import { ProxyFault } from '#libs/network';
import type { Ask } from './issuer-client.js';
import { keyAddressFault, shownAddress } from './key-address.js';
import { readKeySet, type KeySet } from './key-set.js';
import type { RemoteKeySource } from './trusted-issuer.js';

const MAX_BYTES = 1_000_000;

export interface FetchedKeySet extends KeySet {
  /** How long the answer may be used without asking again, as the issuer says; undefined when it does not. */
  readonly maxAgeMs: number | undefined;
}

/** What went wrong where. The message has few forms, so that the same fault is known again. */
export class KeyFetchFault extends Error {
  override readonly name = 'KeyFetchFault';
  readonly address: string;
  readonly redirectTo: string | undefined;

  constructor(
    message: string,
    address: string,
    { redirectTo, cause }: { redirectTo?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.address = shownAddress(address);
    this.redirectTo = redirectTo === undefined ? undefined : shownAddress(redirectTo);
  }
}

/** Fetches an issuer's key set, by discovery where the policy does not say where it is. Throws {@link KeyFetchFault}. */
export async function fetchKeySet(
  source: RemoteKeySource,
  ask: Ask,
  signal: AbortSignal,
): Promise<FetchedKeySet> {
  const uri = source.kind === 'jwks' ? source.uri : await discoverJwksUri(source, ask, signal);
  const learntFrom = source.kind === 'jwks' ? undefined : source.issuer;
  const { text, maxAgeMs } = await fetchText(uri, { allowHttp: source.allowHttp, learntFrom }, ask, signal);
  return { ...faultsAt(uri, () => readKeySet(text)), maxAgeMs };
}

/** OpenID Connect Discovery §4: the document must name the very issuer that was asked for. */
async function discoverJwksUri(
  { issuer, allowHttp }: Extract<RemoteKeySource, { kind: 'discovery' }>,
  ask: Ask,
  signal: AbortSignal,
): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { text } = await fetchText(address, { allowHttp }, ask, signal);
  const found = faultsAt(address, () => (JSON.parse(text) ?? {}) as Record<string, unknown>);
  if (found.issuer !== issuer)
    throw new KeyFetchFault('the discovery document names another issuer', address);
  if (typeof found.jwks_uri !== 'string')
    throw new KeyFetchFault('the discovery document names no jwks_uri', address);
  return found.jwks_uri;
}

async function fetchText(
  address: string,
  rules: { allowHttp: boolean; learntFrom?: string | undefined },
  ask: Ask,
  signal: AbortSignal,
): Promise<{ text: string; maxAgeMs: number | undefined }> {
  const fault = keyAddressFault(address, rules);
  if (fault !== undefined) throw new KeyFetchFault(`keys are not fetched from there: ${fault}`, address);
  try {
    const response = await ask(address, { signal });
    if (response.status !== 200) throw await refusal(response, address);
    return { text: await boundedText(response, address), maxAgeMs: maxAgeOf(response.headers) };
  } catch (error) {
    throw error instanceof KeyFetchFault
      ? error
      : new KeyFetchFault(networkFault(error), address, { cause: error });
  }
}

async function refusal(response: Response, address: string): Promise<KeyFetchFault> {
  await response.body?.cancel();
  const redirectTo = response.headers.get('location') ?? undefined;
  const refused = redirectTo === undefined ? '' : ': redirects are not followed, name its end as jwksUri';
  return new KeyFetchFault(`the issuer answered ${response.status}${refused}`, address, { redirectTo });
}

/** The body of an answer. Throws {@link KeyFetchFault} where it is too long. */
export async function boundedText(response: Response, address: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new KeyFetchFault('the issuer’s answer is too long', address);
    chunks.push(chunk);
  }
  // Drops the byte order mark that some servers put in front.
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** RFC 9111 §4.2.1: what is left of `max-age` after the time that the answer lay in caches. */
function maxAgeOf(headers: Headers): number | undefined {
  const seconds = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(headers.get('cache-control') ?? '')?.[1];
  if (seconds === undefined) return undefined;
  const ageSeconds = Number(/^\d{1,9}$/.exec(headers.get('age') ?? '')?.[0] ?? 0);
  return Math.max(0, Number(seconds) - ageSeconds) * 1000;
}

/** In few forms, so that the same fault is known again. */
export function networkFault(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'the issuer did not answer in time';
  if (error.cause instanceof ProxyFault) return error.cause.message;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `the issuer cannot be reached: ${code}` : error.message.slice(0, 200);
}

function faultsAt<T>(address: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new KeyFetchFault(
      error instanceof SyntaxError ? 'the answer is not JSON' : (error as Error).message,
      address,
    );
  }
}
