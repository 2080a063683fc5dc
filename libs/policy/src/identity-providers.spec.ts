import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { SignedTokens } from './signed-tokens-in-test.js';

const DOCUMENT = readFileSync('docs/identity-providers.md', 'utf8');
/** The snippet of each provider, by its heading. */
const SNIPPETS = new Map(
  DOCUMENT.split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const snippet = /```yaml\n([^]*?)```/.exec(section)?.[1];
      return snippet === undefined ? [] : [[section.split('\n', 1)[0] ?? '', snippet] as const];
    }),
);

interface Shape {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Where the audience stands. */
  readonly audience?: string;
  readonly caller: Readonly<Record<string, unknown>>;
}

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const ENTRA = {
  iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  aud: '6e74172b-be56-4843-9ff4-e66a39bb12e3',
  ...{ tid: TENANT, oid: 'o-1', sub: 'pairwise', azp: 'web', azpacr: '0', ver: '2.0', scp: 'Print.Access' },
};

/** Tokens as these providers issue them, and whom the snippet makes of them. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'Entra ID': {
    payload: { ...ENTRA, roles: ['viewer'], groups: ['0f3f4e0a-9d52-4b2e-a7a5-2f1f9d1c6b7e'] },
    header: { typ: 'JWT' },
    caller: { subject: 'o-1', tenant: TENANT, clientId: 'web', roles: ['viewer', 'card-operator'] },
  },
  'Entra ID, several tenants': {
    payload: { ...ENTRA, roles: ['viewer'] },
    caller: { issuer: ENTRA.iss, subject: 'o-1', tenant: TENANT, roles: ['viewer'] },
  },
  Keycloak: {
    payload: {
      iss: 'https://sso.cards.example/realms/badges',
      ...{
        aud: ['print-gateway', 'account'],
        sub: 'u-1',
        typ: 'Bearer',
        azp: 'web',
        nonce: '9f0c',
        jti: 'j',
      },
      realm_access: { roles: ['viewer'] },
      resource_access: { 'com.example.print': { roles: ['op'] } },
      scope: 'openid email',
    },
    header: { typ: 'at+jwt' },
    caller: { subject: 'u-1', clientId: 'web', roles: ['op', 'viewer'] },
  },
  Auth0: {
    payload: {
      iss: 'https://acme.eu.auth0.com/',
      aud: ['https://cards.example/print', 'https://acme.eu.auth0.com/userinfo'],
      ...{ sub: 'auth0|1', azp: 'web', scope: 'openid', org_id: 'org_1', permissions: ['print'] },
      'https://cards.example/roles': ['op'],
    },
    caller: { subject: 'auth0|1', tenant: 'org_1', roles: ['op', 'print'] },
  },
  Okta: {
    payload: {
      iss: 'https://acme.okta.com/oauth2/default',
      ...{ aud: 'api://default', ver: 1, jti: 'AT.1', cid: '0oa1', uid: '00u1', sub: 'tess@cards.example' },
      ...{ scp: ['openid'], groups: ['Card Operators'] },
    },
    caller: { subject: 'tess@cards.example', clientId: '0oa1', roles: ['card-operator'] },
  },
  'Amazon Cognito': {
    payload: {
      iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI',
      ...{ client_id: '3n4b5c6d7e8f9g0h1i2j3k4l5m', token_use: 'access', scope: 'openid', version: 2 },
      ...{ sub: 'u-1', username: 'tess', 'cognito:groups': ['op'] },
    },
    audience: 'client_id',
    caller: { subject: 'u-1', clientId: '3n4b5c6d7e8f9g0h1i2j3k4l5m', roles: ['op'] },
  },
  'AD FS': {
    payload: {
      iss: 'http://adfs.cards.example/adfs/services/trust',
      aud: 'microsoft:identityserver:print-gateway',
      ...{ apptype: 'Public', appid: 'app-1', ver: '1.0', scp: 'openid', upn: 'tess@cards.example' },
      group: 'Card Operators',
    },
    caller: { subject: 'tess@cards.example', clientId: 'app-1', roles: ['card-operator'] },
  },
  Zitadel: {
    payload: {
      iss: 'https://acme-x1y2z3.zitadel.cloud',
      ...{ aud: ['229385839193621504', '229385839193621999'], sub: '2293', client_id: '2294', jti: 'j' },
      'urn:zitadel:iam:org:project:roles': { op: { 2938: 'acme.zitadel.cloud' } },
      'urn:zitadel:iam:user:resourceowner:id': '2938',
    },
    caller: { subject: '2293', tenant: '2938', roles: ['op'] },
  },
  'Duende IdentityServer': {
    payload: {
      iss: 'https://identity.cards.example',
      ...{ aud: 'print-gateway', client_id: 'm2m', jti: 'j', scope: ['op'], role: 'Card Desk' },
    },
    header: { typ: 'at+jwt' },
    caller: { subject: 'm2m', clientId: 'm2m', roles: ['Card Desk', 'op'] },
  },
  'Ping AM (ForgeRock)': {
    payload: {
      iss: 'https://am.cards.example/am/oauth2/realms/root/realms/alpha',
      ...{ aud: 'print', sub: 'tess', tokenName: 'access_token', nonce: 'n', realm: '/alpha', scope: ['op'] },
    },
    caller: { subject: 'tess', roles: ['op'] },
  },
  Casdoor: {
    payload: {
      iss: 'https://door.cards.example',
      ...{
        aud: ['014ae4bd048734ca2dea'],
        sub: 'u-1',
        owner: 'acme',
        tokenType: 'access-token',
        scope: 'read',
      },
      roles: [{ owner: 'acme', name: 'op', isEnabled: true }],
    },
    caller: { subject: 'u-1', tenant: 'acme', roles: ['op'] },
  },
};

describe('docs/identity-providers.md', () => {
  let tokens: SignedTokens;
  beforeAll(async () => (tokens = await SignedTokens.open()));
  afterAll(() => tokens.close());

  it('has a snippet for each provider whose tokens are tried', () => {
    expect([...SNIPPETS.keys()].sort()).toEqual(Object.keys(SHAPES).sort());
  });

  it.each(Object.keys(SHAPES))('takes the tokens of %s, and none for another audience', async (provider) => {
    const { payload, header, caller, audience = 'aud' } = SHAPES[provider] as Shape;
    const policy = `${SNIPPETS.get(provider)}roles: {}\n`;
    expect(await tokens.ask(policy, await tokens.sign(payload, header))).toMatchObject(caller);
    const foreign = await tokens.sign({ ...payload, [audience]: 'other' }, header);
    expect(await tokens.ask(policy, foreign)).toMatch(/another audience/);
    const idToken = await tokens.sign({ ...payload, at_hash: 'h', nonce: 'n' }, header);
    expect(await tokens.ask(policy, idToken)).toMatch(/ID token/);
  });
});
