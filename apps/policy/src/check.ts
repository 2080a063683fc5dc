import { readPolicyFile } from './policy-text.js';
import { UsageFault } from './usage.js';

/** Throws `PolicyFaults` with all that is wrong. */
export function check(words: readonly string[]): boolean {
  const [file, ...more] = words;
  if (file === undefined || file.startsWith('-') || more.length > 0)
    throw new UsageFault('check takes one file');
  const { issuers, roles, version } = readPolicyFile(file);
  process.stdout.write(
    `${file} is valid: ${issuers.length} issuer(s), ${roles.size} role(s), version ${version}\n`,
  );
  return true;
}
