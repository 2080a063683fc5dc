import { dirname } from 'node:path';
import { FileFault, readText, type Config } from '#libs/config';
import { PolicyConfig, PolicyFaults, readPolicy, SAMPLE_POLICY, type Policy } from '#libs/policy';
import { about, type Finding } from '../finding.js';

const say = about('policy');

/** Reads the policy as the gateway does; without `policy` where it would not start. */
export function checkPolicy(config: Config): { readonly findings: Finding[]; readonly policy?: Policy } {
  const { file } = config.get(PolicyConfig);
  try {
    const policy = readPolicy(readText(file), dirname(file));
    return { findings: findingsOf(policy, file), policy };
  } catch (error) {
    if (error instanceof FileFault)
      return { findings: [say.failure(error.message, 'Set POLICY_FILE to the path of your policy.')] };
    if (!(error instanceof PolicyFaults)) throw error;
    const advice = 'Mend the file; docs/policy.md explains it, and `policy check` reads it alone.';
    return { findings: error.faults.map((fault) => say.failure(`${file}: ${fault}`, advice)) };
  }
}

function findingsOf({ issuers, roles, version }: Policy, file: string): Finding[] {
  const read = say.ok(`${file}: ${issuers.length} issuer(s), ${roles.size} role(s), version ${version}`);
  const sample = say.warning(
    `POLICY_FILE is not set: the sample, ${file}, says who may do what`,
    'Set POLICY_FILE to the path of your policy.',
  );
  const nobody = say.warning(
    `${file} trusts no issuer, or has no role`,
    'Nobody can do anything: name both.',
  );
  return [
    read,
    ...(file === SAMPLE_POLICY ? [sample] : []),
    ...(issuers.length === 0 || roles.size === 0 ? [nobody] : []),
  ];
}
