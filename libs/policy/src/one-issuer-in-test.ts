import type { Principal } from '#libs/auth';
import type { SignedTokens } from './signed-tokens-in-test.js';

const ISSUER = 'https://login.example';

/** Claims that the policy below asks for as a rule. */
export const AUDIENCE = { aud: 'print' };
export const SOMEBODY = { ...AUDIENCE, sub: 'tess' };
/** Of an issuer whose tokens name the client in the place of audience and subject. */
export const BY_CLIENT = 'claims: { audience: client_id, subject: client_id }, audience: [3n4b5]';

/** A policy with one issuer that has these fields, beside its name and audience where they name none, and no roles. */
function policyWith(fields: string): string {
  const issuer = fields.includes('issuer:') ? '' : `issuer: '${ISSUER}', `;
  const audience = fields.includes('audience: [') ? '' : 'audience: print, ';
  return `issuers:\n  - { ${issuer}${audience}${fields} }\nroles: {}\n`;
}

/** The caller, or the detail of the refusal, where a token of that issuer with these claims is shown under that policy. */
export async function askWith(
  tokens: SignedTokens,
  fields: string,
  payload: object,
  header: Record<string, unknown> = {},
): Promise<Principal | string> {
  return tokens.ask(policyWith(fields), await tokens.sign({ iss: ISSUER, ...payload }, header));
}
