import { Grants, type Grant, type Policy } from '#libs/policy';
import { callerOfToken, type ExplainedCaller } from './caller-of-token.js';
import { questionOf } from './operations.js';
import { readOptions, type ExplainOptions } from './options.js';
import { readPolicyFile } from './policy-text.js';
import type { Question } from './question.js';
import { linesOfToken } from './token-lines.js';

/** Says which role allows a request, or why each one does not; whether one does. */
export async function explain(words: readonly string[]): Promise<boolean> {
  const options = readOptions(words);
  const policy = readPolicyFile(options.file);
  const { principal: caller, roles } = await callerOf(options, policy);
  const question = questionOf(options, caller);
  const grant = new Grants(policy.roles).of(caller);
  const refusal = question.refusal(grant);
  const lines = [
    ...(options.token === undefined ? [] : linesOfToken(caller, roles)),
    refusal === undefined ? `${options.operation}: allowed` : `${options.operation}: refused with ${refusal}`,
    ...(refusal === undefined ? termsOf(question, grant).map((term) => `  ${term}`) : []),
    '',
    ...linesOfRoles(question, grant, caller.roles, policy),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return refusal === undefined;
}

async function callerOf({ token, roles = [] }: ExplainOptions, policy: Policy): Promise<ExplainedCaller> {
  if (token !== undefined) return callerOfToken(token, policy);
  const caller = { issuer: 'issuer', subject: 'caller', tenant: 'tenant', clientId: undefined };
  return { principal: { ...caller, roles, expiresAtMs: Infinity }, roles: [] };
}

function termsOf(question: Question, grant: Grant): string[] {
  const requests = grant.requestsPerMinute(question.requirement);
  return [
    ...(question.terms?.(grant) ?? []),
    requests === undefined ? 'no limit of requests' : `${requests} requests a minute`,
  ];
}

function linesOfRoles(question: Question, grant: Grant, names: readonly string[], policy: Policy): string[] {
  const known = grant.roles.flatMap((role) => {
    const lacks = question.lacks(role);
    if (lacks.length === 0) return [`${role.name}: allows it`];
    return [`${role.name}: does not allow it`, ...lacks.map((lack) => `  - ${lack}`)];
  });
  const unknown = names
    .filter((name) => !policy.roles.has(name))
    .map((name) => `${name}: no role of this policy`);
  const lines = [...known, ...unknown];
  return lines.length > 0 ? lines : ['The caller has no role.'];
}
