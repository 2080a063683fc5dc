import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { TrustedIssuer } from '#libs/auth';
import { PrinterId } from '#libs/contract';
import { parseMemberPath, STRICT, violationsOf, type MemberPath } from '#libs/validation';
import type { ReadKeyFile } from './issuer-key-source.js';
import { readIssuers } from './issuer-rules.js';
import { PolicyDocument, RoleDocument, type CorsDocument } from './policy-document.js';
import { PolicyFaults } from './policy-faults.js';
import { parseYaml } from './policy-yaml.js';
import type { Role } from './role.js';

/** Which pages may call, and what they may send beyond what the gateway itself understands. */
export interface CorsPolicy {
  readonly origins: readonly string[];
  /** In lower case. */
  readonly headers: readonly string[];
}

const NO_CORS: CorsPolicy = { origins: [], headers: [] };
/** RFC 9110 §5.1; `*` is a name too, and to browsers it means all. */
const HEADER_NAME = /^[\w!#$%&'+.^`|~-]+$/;

/** A policy that holds: every field checked, every file it names read. */
export interface Policy {
  /** Changes when the file's text does. */
  readonly version: string;
  readonly issuers: readonly TrustedIssuer[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly cors: CorsPolicy;
  /** Members of a print or an update that pass although the gateway does not know them. */
  readonly allowUnknown: readonly MemberPath[];
}

/** The identifiers of the issuers, without those that would tell who the tenants are. */
export function listedIssuers({ issuers }: Policy): string[] {
  return issuers.filter(({ isOfTemplate }) => !isOfTemplate).map(({ issuer }) => issuer);
}

/**
 * Reads a policy from its YAML text. Files it names are looked for beside it, in `directory`, and read with `readKeyFile`.
 * Throws {@link PolicyFaults} with all faults together.
 */
export function readPolicy(yaml: string, directory: string, readKeyFile: ReadKeyFile = readFileSync): Policy {
  const faults: string[] = [];
  const document = shaped(PolicyDocument, parseYaml(yaml), '', faults);
  const issuers = Array.isArray(document.issuers) ? document.issuers : [];
  const policy: Policy = {
    version: hash('sha256', yaml, 'hex').slice(0, 12),
    issuers: faults.length === 0 ? readIssuers(issuers, directory, readKeyFile, faults) : [],
    roles: readRoles(document.roles, faults),
    cors: document.cors ? readCors(document.cors, faults) : NO_CORS,
    allowUnknown: readMemberPaths(document.allowUnknown, faults),
  };
  if (faults.length > 0) throw new PolicyFaults(faults);
  return policy;
}

/** The value as this class describes it; what does not fit is added to the faults under its path. */
function shaped<T extends object>(
  shape: ClassConstructor<T>,
  value: unknown,
  path: string,
  faults: string[],
): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.push(`${path || 'the file'}: must be a mapping`);
    return new shape();
  }
  const instance = plainToInstance(shape, value, { exposeDefaultValues: true });
  const violations = violationsOf(validateSync(instance, STRICT), path);
  faults.push(...violations.map((violation) => `${violation.path}: ${violation.message}`));
  return instance;
}

function readRoles(documents: unknown, faults: string[]): ReadonlyMap<string, Role> {
  if (typeof documents !== 'object' || documents === null) return new Map();
  return new Map(
    Object.entries(documents).map(([name, value]) => {
      const path = `roles.${name}`;
      const before = faults.length;
      const document = shaped(RoleDocument, value, path, faults);
      return [name, faults.length === before ? toRole(name, document, faults) : { ...NO_ROLE, name }];
    }),
  );
}

const NO_ROLE: Omit<Role, 'name'> = {
  permissions: new Set(),
  jobs: 'own',
  printers: new Set(),
  features: new Set(),
  limits: { copies: 0, cardsPerDay: 0, requestsPerMinute: 0 },
  requiresIdempotencyKey: true,
  allowBlank: false,
};

function toRole(name: string, document: RoleDocument, faults: string[]): Role {
  return {
    name,
    permissions: new Set(document.permissions),
    jobs: document.jobs,
    printers: readPrinters(document.printers, `roles.${name}`, faults),
    features: new Set(document.features),
    requiresIdempotencyKey: document.requireIdempotencyKey ?? document.jobs === 'tenant',
    allowBlank: document.allowBlank,
    limits: {
      copies: document.limits.copies,
      cardsPerDay: document.limits.cardsPerDay,
      requestsPerMinute: document.limits.requestsPerMinute,
    },
  };
}

function readPrinters(texts: readonly string[], path: string, faults: string[]): Role['printers'] {
  if (texts.length === 1 && texts[0] === '*') return '*';
  const printers = texts.map((text) => PrinterId.parse(text));
  printers.forEach((printer, index) => {
    if (!printer)
      faults.push(`${path}.printers[${index}]: must be a printer id, or '*' alone for all printers`);
  });
  return new Set(printers.filter((printer) => printer !== undefined));
}

function readMemberPaths(texts: unknown, faults: string[]): readonly MemberPath[] {
  if (!Array.isArray(texts)) return [];
  return texts.flatMap((text: unknown, index) => {
    const path = typeof text === 'string' ? parseMemberPath(text) : undefined;
    if (!path)
      faults.push(
        `allowUnknown[${index}]: must be the path of a member such as printerPreferences.printResolution2`,
      );
    return path ? [path] : [];
  });
}

function readCors({ origins, headers }: CorsDocument, faults: string[]): CorsPolicy {
  if (!Array.isArray(origins) || !Array.isArray(headers)) return NO_CORS;
  origins.forEach((origin, index) => {
    const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin;
    if (!isOrigin) faults.push(`cors.origins[${index}]: must be an origin such as https://cards.example.com`);
  });
  headers.forEach((name, index) => {
    if (!HEADER_NAME.test(name))
      faults.push(`cors.headers[${index}]: must be the name of a header such as baggage`);
  });
  return { origins, headers: headers.map((name) => name.toLowerCase()) };
}
