import 'reflect-metadata';
import type { PolicyFaults } from './policy-faults.js';
import { readPolicy } from './policy-file.js';

function faultsOf(fields: string): readonly string[] {
  const issuer = fields.includes('issuer:') ? '' : "issuer: 'https://a.example', ";
  const yaml = `issuers:\n  - { ${issuer}audience: x, ${fields} }\nroles: {}\n`;
  try {
    readPolicy(yaml, '/');
    return [];
  } catch (error) {
    return (error as PolicyFaults).faults;
  }
}

describe('what the policy says of issuers and their claims', () => {
  it.each([
    'claims: { roles: groups }',
    "claims: { roles: ['a.b', [c, d.e], { claim: f, as: keys }, { claim: [g], member: h.i }] }",
    'claims: { audience: [a, b], subject: [a, b], tenant: { claim: [a, b], as: number, several: first } }',
    'require: { a: 1, b.c: [x, true] }, allowNonce: true, algorithms: [EdDSA, Ed25519]',
  ])('may be %s', (fields) => {
    expect(faultsOf(fields)).toEqual([]);
  });

  it.each([
    ['claims: { subject: null }', 'claims.subject: must be the name of a claim'],
    ['claims: { subject: 7 }', 'claims.subject: must be the name of a claim'],
    ['claims: { audience: { claim: x } }', 'claims.audience: must be the name of a claim'],
    ["claims: { tenant: '' }", 'claims.tenant: must be the name of a claim'],
    ['claims: { tenant: [] }', 'claims.tenant: must be the name of a claim'],
    ['claims: { client: [azp, [x]] }', 'claims.client: must be the name of a claim'],
    ['claims: { tenant: { as: keys } }', 'claims.tenant.claim: must be the name of a claim'],
    ['claims: { tenant: { claim: x, as: words } }', 'claims.tenant.as: must be keys or number'],
    ['claims: { tenant: { claim: x, as: constructor } }', 'claims.tenant.as: must be keys or number'],
    ['claims: { tenant: { claim: x, several: last } }', 'claims.tenant.several: must be first'],
    ['claims: { tenant: { claim: x, from: y } }', 'claims.tenant.from: should not exist'],
    ['claims: { tenant: { claim: x, as: keys, member: y } }', 'claims.tenant: name as or member, not both'],
    ['claims: { roles: [] }', 'claims.roles: must name a claim'],
    ['claims: { roles: [a, 7] }', 'claims.roles[1]: must be the name of a claim'],
    ['claims: { roles: { claim: a, as: number } }', 'claims.roles.as: must be words or keys'],
    ['claims: { roles: [{ claim: a, several: first }] }', 'claims.roles[0].several: should not exist'],
    ["issuer: 'https://a.example/{tenantid}'", 'tenants: must list the tenants'],
    ["issuer: 'https://a.example/{tenant}'", 'issuer: has a place for something else than {tenantid}'],
    ["issuer: 'https://{tenantid}.example/{tenantid}', tenants: a", 'issuer: has a place for something else'],
    ['tenants: [a]', 'tenants: needs an issuer with {tenantid} in it'],
    ["issuer: 'https://a.example/{tenantid}', tenants: [a, a]", 'issuer: stands twice'],
    ["issuer: 'https://a.example/{tenantid}', tenants: ['a/b']", 'tenants[0]: must be the id of a tenant'],
    ['require: sometimes', 'require: must be'],
    ['require: { a: {} }', 'require.a: must be a text, a number or a boolean'],
    ['require: { a: [] }', 'require.a: must be a text, a number or a boolean'],
    ['require: { a: null }', 'require.a: must be a text, a number or a boolean'],
  ])('may not be %s', (fields, fault) => {
    expect(faultsOf(fields)).toEqual([expect.stringContaining(`issuers[0].${fault}`)]);
  });
});
