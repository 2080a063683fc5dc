import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KeySource, TrustedIssuer } from '#libs/auth';
import type { IssuerDocument } from './policy-document.js';

type Fault = (field: string, message: string) => void;

/** RFC 7518 §3.2: a key of the hash's size or more; 32 bytes is the least of the three. */
const MIN_SECRET_BYTES = 32;

/** Turns the issuers of a policy file into trusted ones, holding them to the rules between their fields. */
export function readIssuers(
  documents: readonly IssuerDocument[],
  directory: string,
  faults: string[],
): TrustedIssuer[] {
  const names = documents.map((document) => document.issuer);
  return documents.flatMap((document, index) => {
    const fault: Fault = (field, message) => faults.push(`issuers[${index}].${field}: ${message}`);
    if (names.indexOf(document.issuer) !== index) fault('issuer', 'stands twice');
    requireStringMapping(document.roleMapping, fault);
    requireFittingAlgorithms(document, fault);
    const keySource = readKeySource(document, directory, fault);
    return keySource ? [trusted(document, keySource)] : [];
  });
}

function trusted(document: IssuerDocument, keySource: KeySource): TrustedIssuer {
  return {
    issuer: document.issuer,
    audiences: document.audience,
    algorithms: document.algorithms,
    keySource,
    claims: {
      subject: document.claims.subject,
      tenant: document.claims.tenant,
      roles: document.claims.roles,
    },
    roleMapping: new Map(Object.entries(document.roleMapping) as [string, string][]),
  };
}

function requireStringMapping(mapping: Record<string, unknown>, fault: Fault): void {
  for (const [name, role] of Object.entries(mapping)) {
    if (typeof role !== 'string') fault(`roleMapping.${name}`, 'must be the name of a role');
  }
}

/** HS* wants a shared secret and nothing else does: so a public key can never pass for a secret (RFC 8725 §3.1). */
function requireFittingAlgorithms({ algorithms, secretFile }: IssuerDocument, fault: Fault): void {
  const symmetric = algorithms.filter((algorithm) => algorithm.startsWith('HS'));
  if (secretFile === undefined && symmetric.length > 0) {
    fault('algorithms', `${symmetric.join(', ')} needs a shared secret: name it with secretFile`);
  }
  if (secretFile !== undefined && symmetric.length < algorithms.length) {
    fault('algorithms', 'with secretFile only HS256, HS384 and HS512 are possible');
  }
}

function readKeySource(document: IssuerDocument, directory: string, fault: Fault): KeySource | undefined {
  const { issuer, jwksUri, publicKeyFile, secretFile, allowHttp } = document;
  const named = [jwksUri, publicKeyFile, secretFile].filter((source) => source !== undefined);
  if (named.length > 1)
    return void fault('jwksUri', 'name one of jwksUri, publicKeyFile, secretFile, not several');
  if (publicKeyFile !== undefined) return readPublicKey(resolve(directory, publicKeyFile), fault);
  if (secretFile !== undefined) return readSecret(resolve(directory, secretFile), fault);
  if (!isSafeAddress(jwksUri ?? issuer, allowHttp)) {
    const field = jwksUri === undefined ? 'issuer' : 'jwksUri';
    return void fault(field, 'keys are fetched from here: must be an https address (or set allowHttp: true)');
  }
  return jwksUri === undefined ? { kind: 'discovery', issuer } : { kind: 'jwks', uri: jwksUri };
}

function readPublicKey(file: string, fault: Fault): KeySource | undefined {
  try {
    const pem = readFileSync(file, 'utf8');
    createPublicKey(pem);
    return { kind: 'public-key', file, pem };
  } catch {
    return void fault('publicKeyFile', `must name a readable public key in PEM form: ${file}`);
  }
}

function readSecret(file: string, fault: Fault): KeySource | undefined {
  try {
    const secret = readFileSync(file);
    if (secret.length >= MIN_SECRET_BYTES) return { kind: 'secret', file, secret };
  } catch {
    // Said below, like a secret that is too short.
  }
  return void fault('secretFile', `must name a readable file of at least ${MIN_SECRET_BYTES} bytes: ${file}`);
}

function isSafeAddress(address: string, allowHttp: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return protocol === 'https:' || (protocol === 'http:' && (allowHttp || isLoopback));
}
