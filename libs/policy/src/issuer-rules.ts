import { claimPath, type TrustedIssuer } from '#libs/auth';
import { readClaims } from './claim-rules.js';
import { readIntrospection } from './issuer-introspection.js';
import { readKeySource, type Fault, type ReadKeyFile } from './issuer-key-source.js';
import { readRequirements } from './issuer-requirements.js';
import { meantIssuers, type MeantIssuer } from './issuer-template.js';
import type { IssuerDocument } from './policy-document.js';

/** Turns the issuers of a policy file into trusted ones, holding them to the rules between their fields. */
export function readIssuers(
  documents: readonly IssuerDocument[],
  directory: string,
  read: ReadKeyFile,
  faults: string[],
): TrustedIssuer[] {
  const known = new Set<string>();
  const prefixes = new Set<string>();
  return documents.flatMap((document, index) => {
    const said = new Set<string>();
    const fault: Fault = (field, message) => said.add(`issuers[${index}].${field}: ${message}`);
    requireStringMapping(document.roleMapping, fault);
    requireFittingAlgorithms(document, fault);
    const claims = readClaims(document.claims, fault);
    const { requiredClaims, sender } = readRequirements(document.require, fault);
    const nonce = nonceRule(document, requiredClaims);
    const place = { directory, read, fault };
    const introspection = readIntrospection(document.introspection, document.allowHttp, place);
    if (introspection) requireOwnPrefix(introspection.tokenPrefix, document, prefixes, fault);
    const trusted = meantIssuers(document, fault).flatMap((meant) => {
      if (known.has(meant.issuer)) fault('issuer', 'stands twice');
      known.add(meant.issuer);
      const keySource = readKeySource(document, meant.issuer, place);
      const required = [...requiredClaims, ...requiredOf(meant)];
      return keySource && claims
        ? [
            {
              ...plain(document, meant),
              keySource,
              claims,
              introspection,
              sender,
              nonce,
              requiredClaims: required,
            },
          ]
        : [];
    });
    faults.push(...said);
    return trusted;
  });
}

/** What stands in the policy as it is used. */
function plain(
  document: IssuerDocument,
  meant: MeantIssuer,
): Omit<TrustedIssuer, 'keySource' | 'claims' | 'introspection' | 'sender' | 'nonce' | 'requiredClaims'> {
  const { audience, algorithms, roleMapping } = document;
  return {
    issuer: meant.issuer,
    isOfTemplate: meant.tenant !== undefined,
    audiences: audience,
    algorithms,
    roleMapping: new Map(Object.entries(roleMapping) as [string, string][]),
  };
}

/** What the policy requires of claims marks an access token, too. */
function nonceRule({ allowNonce }: IssuerDocument, required: readonly unknown[]): TrustedIssuer['nonce'] {
  if (!allowNonce) return 'refused';
  return required.length > 0 ? 'allowed' : 'with-mark';
}

/** A token goes to one issuer: to no other is it shown. */
function requireOwnPrefix(
  prefix: string,
  { tenants }: IssuerDocument,
  known: Set<string>,
  fault: Fault,
): void {
  if (tenants !== undefined) fault('introspection', 'needs one issuer, not one for each tenant');
  if (known.has(prefix))
    fault('introspection.tokenPrefix', 'another issuer is asked about tokens that begin so');
  known.add(prefix);
}

function requiredOf({ tenant }: MeantIssuer): TrustedIssuer['requiredClaims'] {
  return tenant ? [{ path: claimPath(tenant.claim), values: [tenant.value] }] : [];
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
