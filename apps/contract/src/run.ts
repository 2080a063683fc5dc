import { existsSync, readFileSync } from 'node:fs';
import { contractChanges, type ApiDocument } from '#libs/contract';

const USAGE = `Usage: contract FILE
    Lists what a newer OpenAPI document of the vendor (Issuance API, in JSON) changes for this version of the gateway.

Exit codes: 0 nothing changes, 1 something does, 2 wrong usage.`;
/** The gateway's own document: what it knows of the vendor's operations has the vendor's names. */
const KNOWN = 'openapi.json';

/** Writes what changes, and answers with the exit code. */
export function run([file, ...more]: readonly string[]): number {
  if (file === '--help' || file === '-h') return say(USAGE, 0);
  if (file === undefined || file.startsWith('-') || more.length > 0) return say(USAGE, 2);
  const newer = readDocument(file);
  if (typeof newer === 'string') return say(newer, 2);
  const changes = contractChanges(readDocument(nearest(KNOWN)) as ApiDocument, newer);
  const version = newer.info?.version ?? 'without a version';
  if (changes.length === 0)
    return say(`${file} (${version}) changes nothing for this version of the gateway.`, 0);
  const lines = changes.map(({ operation, what, meaning }) => `${operation}: ${what}\n    ${meaning}`);
  return say(`${file} (${version}) changes ${changes.length} thing(s):\n\n${lines.join('\n')}`, 1);
}

/** The document, or what is wrong with the file. */
function readDocument(file: string | URL): ApiDocument | string {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return `${String(file)} cannot be read as JSON: ${(error as Error).message}`;
  }
  const { paths } = (document ?? {}) as Partial<ApiDocument>;
  return typeof paths === 'object'
    ? (document as ApiDocument)
    : `${String(file)} is no OpenAPI document: it has no paths`;
}

/** In the folder above this code that has it, whether this code is in one file or in many. */
function nearest(name: string): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL(name, folder)) && folder.pathname !== '/') folder = new URL('..', folder);
  return new URL(name, folder);
}

function say(text: string, exitCode: number): number {
  (exitCode === 2 ? process.stderr : process.stdout).write(`${text}\n`);
  return exitCode;
}
