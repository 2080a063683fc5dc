import { dirname } from 'node:path';
import { readText } from '#libs/config';
import { readPolicy, type Policy } from '#libs/policy';

/** The policy as the gateway reads it. Throws `PolicyFaults`, or `FileFault` when it cannot be read. */
export function readPolicyFile(file: string): Policy {
  return readPolicy(readText(file), dirname(file));
}
