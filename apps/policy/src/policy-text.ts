import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readPolicy, type Policy } from '#libs/policy';

/** The policy as the gateway reads it. Throws `PolicyFaults`, or says that the file cannot be read. */
export function readPolicyFile(file: string): Policy {
  return readPolicy(textOf(file), dirname(file));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
}
