import { checkCredentials } from './checks/credentials.check.js';
import { checkIssuers } from './checks/issuers.check.js';
import { checkPolicy } from './checks/policy.check.js';
import { checkRedis } from './checks/redis.check.js';
import { checkSettings } from './checks/settings.check.js';
import { checkUpstream } from './checks/upstream.check.js';
import { boundedBy } from './bounded.js';
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
  const run = boundedBy(timeoutMs);
  const settings = checkSettings(environment);
  const { config } = settings;
  if (!config) return { findings: settings.findings, secrets: secrets.all };
  secrets.addOfSettings(config);
  const policy = checkPolicy(config);
  const credentials = checkCredentials(config);
  secrets.add(credentials.credentials?.sharedSecret.reveal());
  const elsewhere = await Promise.all([
    credentials.credentials
      ? checkUpstream({ run, config, secrets, credentials: credentials.credentials, policy: policy.policy })
      : [],
    policy.policy ? checkIssuers(run, policy.policy) : [],
    checkRedis(run, config),
  ]);
  return {
    findings: [settings, policy, credentials].flatMap(({ findings }) => findings).concat(...elsewhere),
    secrets: secrets.all,
  };
}
