import { existsSync, readFileSync } from 'node:fs';
import { apiDocumentFault, contractChanges, type ApiDocument } from '#libs/contract';

const USAGE = `Usage: contract FILE
    Lists what a newer OpenAPI document of the vendor (Issuance API, in JSON) changes for this version of the gateway.

Exit codes: 0 nothing changes, 1 something does, 2 wrong usage, or a file that is no such document.`;
/** The gateway's own document: what it knows of the vendor's operations has the vendor's names. */
const KNOWN = 'openapi.json';

/** Writes what changes, and answers with the exit code. */
export function run([file, ...more]: readonly string[]): number {
  if (file === '--help' || file === '-h') return say(USAGE, 0);
  if (file === undefined || file.startsWith('-') || more.length > 0) return say(USAGE, 2);
  const [known, newer] = [readDocument(nearest(KNOWN)), readDocument(file)];
  const fault = [known, newer].find((read) => typeof read === 'string');
  return fault === undefined ? compare(known as ApiDocument, newer as ApiDocument, file) : say(fault, 2);
}

function compare(known: ApiDocument, newer: ApiDocument, file: string): number {
  const changes = contractChanges(known, newer);
  const version = newer.info?.version ?? 'without a version';
  if (changes.length === 0)
    return say(`${file} (${version}) changes nothing for this version of the gateway.`, 0);
  const lines = changes.map(({ operation, what, meaning }) => `${operation}: ${what}\n    ${meaning}`);
  return say(`${file} (${version}) changes ${changes.length} thing(s):\n\n${lines.join('\n')}`, 1);
}

/** The document, or what is wrong with the file. */
function readDocument(file: string | URL): ApiDocument | string {
  try {
    const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const fault = apiDocumentFault(document);
    return fault === undefined
      ? (document as ApiDocument)
      : `${String(file)} is no OpenAPI document: ${fault}`;
  } catch (error) {
    return `${String(file)} cannot be read as JSON: ${(error as Error).message}`;
  }
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
