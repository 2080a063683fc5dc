import 'reflect-metadata';
import { askWith, AUDIENCE, BY_CLIENT, SOMEBODY } from './one-issuer-in-test.js';
import { SignedTokens } from './signed-tokens-in-test.js';

/** Tokens that no policy, or not this one, takes: the answer names the claim, and not its value. */
describe('a token', () => {
  let tokens: SignedTokens;
  beforeAll(async () => (tokens = await SignedTokens.open()));
  afterAll(() => tokens.close());

  const ask = (fields: string, payload: object, header?: Record<string, unknown>) =>
    askWith(tokens, fields, payload, header);

  it.each<[string, string, object, RegExp, Record<string, unknown>?]>([
    ['with a nonce', '', { ...SOMEBODY, typ: 'Bearer', nonce: 'n' }, /ID token.* nonce.* allowNonce: true/],
    [
      'with a nonce and nothing else',
      'allowNonce: true',
      { ...SOMEBODY, nonce: 'n' },
      /ID token.* nothing that marks an access token/,
    ],
    ...[
      ...[{ at_hash: 'h' }, { c_hash: 'h' }, { s_hash: 'h' }, { token_use: 'id' }, { typ: 'ID' }],
      ...[{ typ: 'Refresh' }, { typ: 'Offline' }, { tokenName: 'id_token' }, { tokenName: 'refresh_token' }],
    ].map((mark): [string, string, object, RegExp] => [
      `marked as another kind of token by ${JSON.stringify(mark)}`,
      'allowNonce: true',
      { ...SOMEBODY, nonce: 'n', scope: 'op', ...mark },
      new RegExp(`ID token.* its claim ${Object.keys(mark).join()} says so`),
    ]),
    [
      'of Entra ID of a tenant that the policy does not list',
      "issuer: 'https://login.example/{tenantid}/v2.0', tenants: [t1]",
      { ...SOMEBODY, iss: 'https://login.example/t2/v2.0', tid: 't2' },
      /issuer of the token is not trusted/,
    ],
    [
      'of Entra ID that names another tenant than its issuer',
      "issuer: 'https://login.example/{tenantid}/v2.0', tenants: [t1, t2]",
      { ...SOMEBODY, iss: 'https://login.example/t1/v2.0', tid: 't2' },
      /its claim tid is a string, but none that the policy requires/,
    ],
    [
      'of Entra ID that has the template itself as its issuer',
      "issuer: 'https://login.example/{tenantid}/v2.0', tenants: [t1]",
      { ...SOMEBODY, iss: 'https://login.example/{tenantid}/v2.0', tid: 't1' },
      /issuer of the token is not trusted/,
    ],
    [
      'of Cognito for another client',
      BY_CLIENT,
      { client_id: 'other' },
      /another audience: its claim client_id is a string, but none/,
    ],
    [
      'without the claim of the audience',
      BY_CLIENT,
      SOMEBODY,
      /another audience: its claim client_id is missing/,
    ],
    [
      'with audiences for others',
      '',
      { ...SOMEBODY, aud: ['a', 'b'] },
      /another audience: its claim aud is a list of 2 without one/,
    ],
    [
      'of Cognito for an ID',
      'require: { token_use: access }',
      SOMEBODY,
      /its claim token_use is missing; it must be one that the policy requires/,
    ],
    [
      'with another value',
      'require: { acr: [2, 3] }',
      { ...SOMEBODY, acr: '2' },
      /its claim acr is a string, but none that the policy requires/,
    ],
    [
      'with a sentence that has the value in it',
      'require: { kind: access }',
      { ...SOMEBODY, kind: 'no access' },
      /its claim kind is a string/,
    ],
    [
      'as at+jwt without a client',
      '',
      { ...SOMEBODY, jti: 'x', azp: 'web' },
      /names no client: its claim client_id is missing/,
      { typ: 'at+jwt' },
    ],
    [
      'without the client that the policy names',
      'claims: { client: azp }',
      { ...SOMEBODY, client_id: 'x' },
      /names no client: its claim azp is missing/,
    ],
    [
      'without the subject that the policy names',
      'claims: { subject: oid }',
      SOMEBODY,
      /names no subject: its claim oid is missing; it must be a text/,
    ],
    [
      'whose subject is a list of one',
      '',
      { ...AUDIENCE, sub: ['tess'] },
      /no subject: its claim sub is a list of 1/,
    ],
    [
      'whose tenant is a list of several',
      'claims: { tenant: org }',
      { ...SOMEBODY, org: ['acme', 'globex'] },
      /no tenant: its claim org is a list of 2; it must be a text .* or a list of one/,
    ],
    [
      'whose tenant is an empty list',
      'claims: { tenant: org }',
      { ...SOMEBODY, org: [] },
      /its claim org is a list of 0/,
    ],
    [
      'whose tenant is the first of none',
      'claims: { tenant: { claim: org, several: first } }',
      { ...SOMEBODY, org: [] },
      /its claim org is a list of 0/,
    ],
    [
      'whose tenant is a list in a list',
      'claims: { tenant: org }',
      { ...SOMEBODY, org: [['acme']] },
      /its claim org is a list of 1/,
    ],
    [
      'whose tenant is an object',
      'claims: { tenant: org }',
      { ...SOMEBODY, org: { acme: {} } },
      /its claim org is an object/,
    ],
    [
      'whose tenant is one of several keys',
      'claims: { tenant: { claim: org, as: keys } }',
      { ...SOMEBODY, org: { a: 1, b: 2 } },
      /its claim org is an object with several keys; it must be an object with one key/,
    ],
    [
      'whose tenant is a text where keys are wanted',
      'claims: { tenant: { claim: org, as: keys } }',
      { ...SOMEBODY, org: 'acme' },
      /its claim org is a string; it must be an object/,
    ],
    [
      'whose tenant is a number',
      'claims: { tenant: org }',
      { ...SOMEBODY, org: 42 },
      /its claim org is a number; it must be a text/,
    ],
    [
      'whose tenant is a text where a number is wanted',
      'claims: { tenant: { claim: org, as: number } }',
      { ...SOMEBODY, org: '42' },
      /its claim org is a string; it must be a whole number/,
    ],
    [
      'whose tenant is a number that others are read as',
      'claims: { tenant: { claim: org, as: number } }',
      { ...SOMEBODY, org: 2 ** 53 },
      /a number that is not whole, or above 2\^53/,
    ],
    [
      'from a clock that is ahead',
      '',
      { ...SOMEBODY, iat: Date.now() / 1000 + 45 },
      /issued in the future: its iat is 4\d s ahead .* 5 s are tolerated \(AUTH_CLOCK_TOLERANCE_SECONDS\)/,
    ],
  ])('%s is refused, and the answer says why', async (_, fields, payload, reason, ...[header]) => {
    const refusal = await ask(fields, payload, header);
    expect(refusal).toMatch(reason);
    expect(refusal).not.toMatch(/acme|globex|tess|3n4b5/);
  });
});
