import type { Config } from '#libs/config';
import { checkCertificates } from './checks/certificates.check.js';
import { checkCredentials } from './checks/credentials.check.js';
import { checkIssuers } from './checks/issuers.check.js';
import { checkPolicy } from './checks/policy.check.js';
import { checkRedis } from './checks/redis.check.js';
import { checkSettings } from './checks/settings.check.js';
import { checkUpstream } from './checks/upstream.check.js';
import { boundedBy, guarded, type RunCheck } from './bounded.js';
import type { Finding } from './finding.js';
import { Secrets } from './secrets.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Examination {
  readonly findings: readonly Finding[];
  /** What must not stand in a report. */
  readonly secrets: readonly string[];
}

/** Looks at everything that can be looked at: what needs something that is faulty is left out. Each check ends within `timeoutMs`. */
export async function examine(environment: Environment, timeoutMs: number): Promise<Examination> {
  const secrets = new Secrets();
  const settings = await guarded('settings', () => checkSettings(environment));
  if (!settings.config) return { findings: settings.findings, secrets: secrets.all };
  secrets.addOfSettings(settings.config);
  const found = await examineWith(settings.config, secrets, boundedBy(timeoutMs));
  return { findings: [...settings.findings, ...found], secrets: secrets.all };
}

async function examineWith(config: Config, secrets: Secrets, run: RunCheck): Promise<Finding[]> {
  const certificates = await guarded('certificates', () => checkCertificates(config));
  const policy = await guarded('policy', () => checkPolicy(config));
  const credentials = await guarded('credentials', () => checkCredentials(config));
  if (policy.policy) secrets.addOfPolicy(policy.policy);
  secrets.add(credentials.credentials?.sharedSecret.reveal());
  const known = { run, config, secrets, credentials: credentials.credentials, policy: policy.policy };
  const reached = (check: string, set: 'IDAAS' | 'AUTH' | 'REDIS', look: () => Promise<Finding[]>) =>
    guarded(check, async () => ({ findings: certificates.faulty?.has(set) ? [] : await look() }));
  const elsewhere = await Promise.all([
    reached('upstream', 'IDAAS', () => checkUpstream(known)),
    reached('issuer keys', 'AUTH', () => checkIssuers(known)),
    reached('redis', 'REDIS', () => checkRedis(run, config)),
  ]);
  return [certificates, policy, credentials, ...elsewhere].flatMap(({ findings }) => findings);
}
