import { parseDocument } from 'yaml';
import { PolicyFaults } from './policy-faults.js';

/** No policy is half as deep. */
const MAX_DEPTH = 32;
const MAX_ALIASES = 100;

/** What the YAML text says, as plain values. Throws {@link PolicyFaults} where it says nothing, or something without an end. */
export function parseYaml(yaml: string): unknown {
  const value = valueOf(yaml);
  if (isDeeperThan(MAX_DEPTH, value))
    throw new PolicyFaults([
      `the file: is nested deeper than ${MAX_DEPTH} levels, or holds an alias of itself`,
    ]);
  return value;
}

function valueOf(yaml: string): unknown {
  let faults: string[];
  try {
    const document = parseDocument(yaml, { uniqueKeys: true });
    faults = document.errors.map((error) => `line ${error.linePos?.[0].line ?? '?'}: ${error.code}`);
    if (faults.length === 0) return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // Aliases are looked up only here; what is nested too deep ends the stack.
    faults = [`the file: ${(error as Error).message}`];
  }
  throw new PolicyFaults(faults);
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(depth - 1, member));
}
