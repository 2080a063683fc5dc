import 'reflect-metadata';
import type { Principal } from '#libs/auth';
import { askWith, AUDIENCE, BY_CLIENT, SOMEBODY } from './one-issuer-in-test.js';
import { SignedTokens } from './signed-tokens-in-test.js';

/** Tokens as identity providers issue them, and what a policy can say of them. */
describe('a token', () => {
  let tokens: SignedTokens;
  beforeAll(async () => (tokens = await SignedTokens.open()));
  afterAll(() => tokens.close());

  const ask = (fields: string, payload: object, header?: Record<string, unknown>) =>
    askWith(tokens, fields, payload, header);

  it.each<[string, string, object, Partial<Principal>, Record<string, unknown>?]>([
    [
      'of Keycloak before 25, with a nonce',
      'allowNonce: true, claims: { roles: realm_access.roles }',
      { ...SOMEBODY, azp: 'web', typ: 'Bearer', nonce: '9f0c', realm_access: { roles: ['op'] } },
      { roles: ['op'], clientId: 'web' },
    ],
    [
      'of Ping AM (ForgeRock), with a nonce and a list as scope',
      'allowNonce: true',
      { ...SOMEBODY, tokenName: 'access_token', nonce: 'n', scope: ['op'] },
      { roles: ['op'] },
    ],
    [
      'with a nonce and what the policy requires',
      'allowNonce: true, require: { kind: access }',
      { ...SOMEBODY, kind: 'access', nonce: 'n' },
      {},
    ],
    [
      'of Cognito, without an audience',
      `${BY_CLIENT}, require: { token_use: access }`.replace('subject: client_id', "roles: 'cognito:groups'"),
      { sub: 'tess', client_id: '3n4b5', token_use: 'access', 'cognito:groups': ['op'] },
      { subject: 'tess', roles: ['op'], clientId: '3n4b5' },
    ],
    [
      'with one of several values',
      'require: { acr: [2, gold], mfa: true }',
      { ...SOMEBODY, acr: 2, mfa: true },
      {},
    ],
    ['with a value in a list', 'require: { amr: mfa }', { ...SOMEBODY, amr: ['pwd', 'mfa'] }, {}],
    ['with a word in its scope', 'require: { scope: print }', { ...SOMEBODY, scope: 'openid print' }, {}],
    [
      'of Keycloak, with dots in a client id, by a path as a list',
      'claims: { roles: [[resource_access, com.example.print, roles]] }',
      { ...SOMEBODY, resource_access: { 'com.example.print': { roles: ['op'] } } },
      { roles: ['op'] },
    ],
    [
      'of Keycloak, with dots in a client id, by an escaped path',
      "claims: { roles: 'resource_access.com\\.example\\.print.roles' }",
      { ...SOMEBODY, resource_access: { 'com.example.print': { roles: ['op'] } } },
      { roles: ['op'] },
    ],
    [
      'of Keycloak as at+jwt, whose client stands in azp',
      'claims: { client: azp }',
      { ...SOMEBODY, azp: 'web', typ: 'Bearer', jti: 'x' },
      { clientId: 'web' },
      { typ: 'at+jwt' },
    ],
    [
      'of Duende for a client, as at+jwt without a subject',
      'claims: { subject: client_id }',
      { ...AUDIENCE, client_id: 'm2m', jti: 'x', scope: ['op'] },
      { subject: 'm2m', roles: ['op'] },
      { typ: 'at+jwt' },
    ],
    [
      'of Zitadel, with roles as keys',
      "claims: { roles: { claim: 'urn:zitadel:iam:org:project:roles', as: keys } }",
      { ...SOMEBODY, 'urn:zitadel:iam:org:project:roles': { op: { 2938: 'acme.z.cloud' } } },
      { roles: ['op'] },
    ],
    [
      'of Casdoor, with roles as objects',
      'claims: { roles: [{ claim: roles, member: name }] }',
      {
        ...SOMEBODY,
        roles: [{ owner: 'built-in', name: 'op' }, { name: 'desk' }, { owner: 'none' }, 'text', null],
      },
      { roles: ['op', 'desk'] },
    ],
    [
      'with one role as an object',
      'claims: { roles: { claim: role, member: names.short } }',
      { ...SOMEBODY, role: { names: { short: 'op' } } },
      { roles: ['op'] },
    ],
    [
      'of AD FS, with one group as a text with spaces',
      "claims: { roles: group }, roleMapping: { 'Card Operators': op }",
      { ...SOMEBODY, group: 'Card Operators' },
      { roles: ['op'] },
    ],
    [
      'of AD FS, with several groups',
      "claims: { roles: group }, roleMapping: { 'Card Operators': op }",
      { ...SOMEBODY, group: ['Domain Users', 'Card Operators'] },
      { roles: ['Domain Users', 'op'] },
    ],
    [
      'with a sentence',
      'claims: { roles: department }',
      { ...SOMEBODY, department: 'not an op' },
      { roles: ['not an op'] },
    ],
    [
      'with words that the policy calls so',
      'claims: { roles: { claim: scp, as: words } }',
      { ...SOMEBODY, scp: 'a  op' },
      { roles: ['a', 'op'] },
    ],
    [
      'with a scope in another claim',
      'claims: { roles: [x.scope] }',
      { ...SOMEBODY, x: { scope: 'a op' } },
      { roles: ['a op'] },
    ],
    [
      'with a list of sentences',
      'claims: { roles: { claim: scp, as: words } }',
      { ...SOMEBODY, scp: ['a op'] },
      { roles: ['a op'] },
    ],
    [
      'with an object where the policy says nothing of keys',
      'claims: { roles: groups }',
      { ...SOMEBODY, groups: { op: true } },
      { roles: [] },
    ],
    [
      'with no role that is a text',
      'claims: { roles: groups }',
      { ...SOMEBODY, groups: [1, null, {}, '', ['op']] },
      { roles: [] },
    ],
    [
      'whose tenant is a list of one',
      'claims: { tenant: organization }',
      { ...SOMEBODY, organization: ['acme'] },
      { tenant: 'acme' },
    ],
    [
      'whose tenant is the first of several',
      'claims: { tenant: { claim: organization, several: first } }',
      { ...SOMEBODY, organization: ['acme', 'globex'] },
      { tenant: 'acme' },
    ],
    [
      'whose tenant is the key of an object',
      'claims: { tenant: { claim: organization, as: keys } }',
      { ...SOMEBODY, organization: { acme: { id: '42' } } },
      { tenant: 'acme' },
    ],
    [
      'whose tenant is a member of the one object in a list',
      'claims: { tenant: { claim: orgs, member: id } }',
      { ...SOMEBODY, orgs: [{ id: 'acme' }] },
      { tenant: 'acme' },
    ],
    [
      'whose tenant is a number',
      'claims: { tenant: { claim: org, as: number } }',
      { ...SOMEBODY, org: 42 },
      { tenant: '42' },
    ],
    [
      'whose subject is a number',
      'claims: { subject: { claim: uid, as: number } }',
      { ...AUDIENCE, uid: 0 },
      { subject: '0' },
    ],
  ])('%s is taken', async (_, fields, payload, expected, ...[header]) => {
    expect(await ask(fields, payload, header)).toMatchObject(expected);
  });

  it('from a clock that is ahead is taken within the tolerance, which may be 300 seconds', async () => {
    const patient = await SignedTokens.open({ AUTH_CLOCK_TOLERANCE_SECONDS: '300' });
    const now = Date.now() / 1000;
    const asking = async (claims: object) => askWith(patient, '', { ...SOMEBODY, ...claims });
    expect(await asking({ iat: now + 290, nbf: now + 290 })).toMatchObject({ subject: 'tess' });
    expect(await asking({ iat: now - 900, exp: now - 290 })).toMatchObject({ subject: 'tess' });
    expect(await asking({ iat: now + 310 })).toMatch(/issued in the future/);
    await patient.close();
  });
});
