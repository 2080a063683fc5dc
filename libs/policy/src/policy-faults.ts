/** Everything that is wrong with a policy file, found in one go; each fault begins with the path of its field. */
export class PolicyFaults extends Error {
  override readonly name = 'PolicyFaults';

  constructor(
    readonly faults: readonly string[],
    file?: string,
  ) {
    const policy = file === undefined ? 'The policy' : `The policy ${file}`;
    super(`${policy} has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }

  /** The same, naming the file. */
  inFile(file: string): PolicyFaults {
    return new PolicyFaults(this.faults, file);
  }
}
