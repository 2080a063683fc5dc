import { claimPath, isMap, type ClaimRule, type IssuerClaims } from '#libs/auth';
import type { Fault } from './issuer-key-source.js';
import type { ClaimsDocument } from './policy-document.js';

type Path = ClaimRule['path'];
type As = Extract<ClaimRule['as'], string>;

const PATH =
  'the name of a claim, a path with dots (a dot in a name is written \\.), or a path as a list of names';
const NAME_FORMS = ['keys', 'number'] as const;
const ROLE_FORMS = ['words', 'keys'] as const;

/** Where the tokens of an issuer carry what, as the policy says; undefined where it is faulty, which is said. */
export function readClaims(document: ClaimsDocument, fault: Fault): IssuerClaims | undefined {
  const audience = readPath(document.audience, 'claims.audience', fault);
  const subject = readNameRule(document.subject, 'claims.subject', fault);
  const tenant = readNameRule(document.tenant, 'claims.tenant', fault);
  const client = readNameRule(document.client, 'claims.client', fault);
  const roles = readRoleRules(document.roles, fault);
  if (!audience || !subject || !roles) return undefined;
  // In a list of one tenant there is no doubt which one it is; a subject is a text (RFC 7519 §4.1.2).
  return { audience, subject, client, roles, tenant: tenant && { list: 'of-one', ...tenant } };
}

/** A path. Undefined where it is none, which is said. */
function readPath(written: unknown, field: string, fault: Fault): Path | undefined {
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  if (isText(written)) return claimPath(written as string);
  if (Array.isArray(written) && written.length > 0 && written.every(isText))
    return claimPath(written as string[]);
  return void fault(field, `must be ${PATH}`);
}

/** What names one thing: a path, or a mapping that says how to read what stands there. */
function readNameRule(written: unknown, field: string, fault: Fault): ClaimRule | undefined {
  if (written === undefined) return undefined;
  if (!isMap(written)) return ruleOf(readPath(written, field, fault));
  const path = readMapping(written, { field, fault, members: ['claim', 'as', 'member', 'several'] });
  const as = readForm(written, NAME_FORMS, field, fault);
  if (written.several !== undefined && written.several !== 'first')
    fault(`${field}.several`, 'must be first, or left out');
  return path && { path, as, list: written.several === 'first' ? 'first' : 'of-one' };
}

/** One text is one path; in a list of several claims a path is a text, a list of names, or a mapping. */
function readRoleRules(written: unknown, fault: Fault): ClaimRule[] | undefined {
  const field = 'claims.roles';
  const rules = Array.isArray(written) ? (written as unknown[]) : [written];
  if (rules.length === 0) return void fault(field, 'must name a claim');
  const read = rules.map((rule, index) =>
    readRoleRule(rule, Array.isArray(written) ? `${field}[${index}]` : field, fault),
  );
  return read.every((rule) => rule !== undefined) ? read : undefined;
}

function readRoleRule(written: unknown, field: string, fault: Fault): ClaimRule | undefined {
  if (!isMap(written)) return ruleOf(readPath(written, field, fault));
  const path = readMapping(written, { field, fault, members: ['claim', 'as', 'member'] });
  return path && { path, as: readForm(written, ROLE_FORMS, field, fault) };
}

const ruleOf = (path: Path | undefined): ClaimRule | undefined => path && { path };

interface Mapping {
  readonly field: string;
  readonly fault: Fault;
  readonly members: readonly string[];
}

/** The path of a mapping that has no other members than these. */
function readMapping(written: Record<string, unknown>, { field, fault, members }: Mapping): Path | undefined {
  for (const name of Object.keys(written))
    if (!members.includes(name)) fault(`${field}.${name}`, `should not exist; ${members.join(', ')} may`);
  return readPath(written.claim, `${field}.claim`, fault);
}

function readForm(
  { as, member }: Record<string, unknown>,
  forms: readonly As[],
  field: string,
  fault: Fault,
): ClaimRule['as'] {
  if (as !== undefined && member !== undefined) fault(field, 'name as or member, not both');
  if (as !== undefined && !forms.includes(as as As)) fault(`${field}.as`, `must be ${forms.join(' or ')}`);
  const path = member === undefined ? undefined : readPath(member, `${field}.member`, fault);
  return path ? { member: path } : (as as As | undefined);
}
