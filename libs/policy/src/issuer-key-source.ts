import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { secretOf, textOf } from '#libs/config';
import { keyAddressFault, keyMisfit, keyWeakness, type KeySource } from '#libs/auth';
import type { IssuerDocument } from './policy-document.js';

export type Fault = (field: string, message: string) => void;

/** Reads a file that the policy names; throws when it cannot be read. */
export type ReadKeyFile = (path: string) => Buffer;

const PEM = /^-----BEGIN /m;
const PRIVATE_PEM = /^-----BEGIN [A-Z ]*PRIVATE KEY-----/m;

/** Where an issuer's keys come from, by the policy; undefined when it is faulty, which is said. */
export function readKeySource(
  document: IssuerDocument,
  issuer: string,
  place: Pick<Reading, 'directory' | 'read' | 'fault'>,
): KeySource | undefined {
  const { algorithms, jwksUri, publicKeyFile, secretFile } = document;
  const { fault } = place;
  const named = [jwksUri, publicKeyFile, secretFile].filter((source) => source !== undefined);
  if (named.length > 1)
    return void fault('jwksUri', 'name one of jwksUri, publicKeyFile, secretFile, not several');
  if (publicKeyFile !== undefined) return readPublicKey(publicKeyFile, { ...place, algorithms });
  if (secretFile !== undefined) return readSecret(secretFile, { ...place, algorithms });
  if (jwksUri === undefined && document.introspection) return { kind: 'introspection' };
  return readAddress(document, issuer, fault);
}

interface Reading {
  readonly algorithms: readonly string[];
  readonly directory: string;
  readonly read: ReadKeyFile;
  readonly fault: Fault;
}

function readPublicKey(name: string, { algorithms, directory, read, fault }: Reading): KeySource | undefined {
  const file = resolve(directory, name);
  try {
    const pem = textOf(read(file)) ?? '';
    if (PRIVATE_PEM.test(pem))
      return void fault('publicKeyFile', `holds a private key: leave that with the issuer: ${file}`);
    const key = createPublicKey(pem);
    const weakness = keyWeakness(key);
    if (weakness !== undefined) return void fault('publicKeyFile', `${weakness}: ${file}`);
    if (!fitsAll(key, algorithms.filter(isAsymmetric), fault)) return undefined;
    return { kind: 'public-key', file, pem };
  } catch {
    return void fault('publicKeyFile', `must name a readable public key in PEM form: ${file}`);
  }
}

function readSecret(name: string, { algorithms, directory, read, fault }: Reading): KeySource | undefined {
  const file = resolve(directory, name);
  try {
    const secret = secretOf(read(file));
    // Whoever knows a public key could sign with it (RFC 8725 §3.1).
    if (PEM.test(secret.toString('latin1')))
      return void fault('secretFile', `holds a key in PEM form, which is no secret: ${file}`);
    const symmetric = algorithms.filter((algorithm) => !isAsymmetric(algorithm));
    if (!fitsAll(createSecretKey(secret), symmetric, fault)) return undefined;
    return { kind: 'secret', file, secret };
  } catch {
    return void fault('secretFile', `must name a readable file: ${file}`);
  }
}

const isAsymmetric = (algorithm: string) => !algorithm.startsWith('HS');

function fitsAll(key: KeyObject, algorithms: readonly string[], fault: Fault): boolean {
  const misfits = algorithms.flatMap((algorithm) => keyMisfit(key, algorithm) ?? []);
  misfits.forEach((misfit) => fault('algorithms', misfit));
  return misfits.length === 0;
}

function readAddress(
  { jwksUri, allowHttp }: IssuerDocument,
  issuer: string,
  fault: Fault,
): KeySource | undefined {
  const field = jwksUri === undefined ? 'issuer' : 'jwksUri';
  const wrong = keyAddressFault(jwksUri ?? issuer, { allowHttp });
  if (wrong !== undefined)
    return void fault(field, `keys are fetched from here, which must be an https address: ${wrong}`);
  if (jwksUri !== undefined) return { kind: 'jwks', uri: jwksUri, allowHttp };
  // OpenID Connect Discovery §3: the path of the document is added to it.
  if (/[?#]/.test(issuer))
    return void fault(field, 'an issuer to be discovered has no query and no fragment');
  return { kind: 'discovery', issuer, allowHttp };
}
