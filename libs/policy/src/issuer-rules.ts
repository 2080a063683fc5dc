import type { TrustedIssuer } from '#libs/auth';
import { readClaims } from './claim-rules.js';
import { readKeySource, type Fault, type ReadKeyFile } from './issuer-key-source.js';
import { readRequirements } from './issuer-requirements.js';
import type { IssuerDocument } from './policy-document.js';

/** Turns the issuers of a policy file into trusted ones, holding them to the rules between their fields. */
export function readIssuers(
  documents: readonly IssuerDocument[],
  directory: string,
  read: ReadKeyFile,
  faults: string[],
): TrustedIssuer[] {
  const names = documents.map((document) => document.issuer);
  return documents.flatMap((document, index) => {
    const fault: Fault = (field, message) => faults.push(`issuers[${index}].${field}: ${message}`);
    if (names.indexOf(document.issuer) !== index) fault('issuer', 'stands twice');
    requireStringMapping(document.roleMapping, fault);
    requireFittingAlgorithms(document, fault);
    const keySource = readKeySource(document, directory, read, fault);
    const claims = readClaims(document.claims, fault);
    const requiredClaims = readRequirements(document.require, fault);
    return keySource && claims ? [{ ...plain(document), keySource, claims, requiredClaims }] : [];
  });
}

/** What stands in the policy as it is used. */
function plain({ issuer, audience, algorithms, allowNonce, roleMapping }: IssuerDocument) {
  const mapping = new Map(Object.entries(roleMapping) as [string, string][]);
  return { issuer, audiences: audience, algorithms, allowNonce, roleMapping: mapping };
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
