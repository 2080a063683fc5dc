import type { Fault } from './issuer-key-source.js';
import type { IssuerDocument } from './policy-document.js';

/** As Entra ID writes it into the discovery document of all its tenants. */
const PLACE = '{tenantid}';
/** The claim in which it names the tenant. */
const TENANT_CLAIM = 'tid';
const TENANT = /^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/;
/** Each has keys of its own to be fetched, unless `jwksUri` names those of all. */
const MAX_TENANTS = 1_000;

/** One issuer that a document of the policy means. */
export interface MeantIssuer {
  readonly issuer: string;
  /** The tenant of a template; its tokens must name it. */
  readonly tenant?: { readonly claim: string; readonly value: string };
}

/**
 * The issuers that a document means: itself, or, where there is a place for a tenant in its identifier, one for each tenant that may call.
 * So a token of a tenant is held to its own issuer and its own keys, and there are no others.
 */
export function meantIssuers({ issuer, tenants }: IssuerDocument, fault: Fault): MeantIssuer[] {
  const isTemplate = issuer.includes(PLACE);
  if (/[{}]/.test(issuer.replace(PLACE, '')))
    fault('issuer', `has a place for something else than ${PLACE}, which may stand once`);
  if (isTemplate && tenants === undefined) fault('tenants', 'must list the tenants whose tokens are taken');
  if (!isTemplate && tenants !== undefined) fault('tenants', `needs an issuer with ${PLACE} in it`);
  if (!isTemplate || tenants === undefined) return [{ issuer }];
  if (tenants.length > MAX_TENANTS) fault('tenants', `must be at most ${MAX_TENANTS}`);
  tenants.forEach((tenant, index) => {
    if (!TENANT.test(tenant)) fault(`tenants[${index}]`, 'must be the id of a tenant');
  });
  return tenants.map((tenant) => ({
    issuer: issuer.replace(PLACE, tenant),
    tenant: { claim: TENANT_CLAIM, value: tenant },
  }));
}
