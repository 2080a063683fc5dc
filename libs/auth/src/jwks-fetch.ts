import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { KeySource } from './trusted-issuer.js';

/** Chooses a key of the set by a token's header (RFC 7517). */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

const MAX_BYTES = 1_000_000;

/** Fetches an issuer's key set; `text` is what was read, to tell a changed set from the same one. */
export async function fetchKeySet(
  source: Extract<KeySource, { kind: 'jwks' | 'discovery' }>,
  timeoutMs: number,
): Promise<{ keys: KeySet; text: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  const uri = source.kind === 'jwks' ? source.uri : await discoverJwksUri(source.issuer, signal);
  const text = await fetchText(uri, signal);
  const { keys } = JSON.parse(text) as JSONWebKeySet;
  // A symmetric key that is published is no secret, and whoever reads it could sign with it.
  return { keys: createLocalJWKSet({ keys: keys.filter((key) => key.kty !== 'oct') }), text };
}

/** OpenID Connect Discovery §4: the document must name the very issuer that was asked for. */
async function discoverJwksUri(issuer: string, signal: AbortSignal): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const found = JSON.parse(await fetchText(address, signal)) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer) throw new Error('the discovery document names another issuer');
  if (typeof found.jwks_uri !== 'string') throw new Error('the discovery document names no jwks_uri');
  return found.jwks_uri;
}

async function fetchText(address: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(address, {
    signal,
    redirect: 'error',
    headers: { accept: 'application/json' },
  });
  if (!response.ok) throw new Error(`the issuer answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new Error('the issuer’s answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
