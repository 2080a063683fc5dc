import type { Config } from '#libs/config';
import { IdaasConfig, UpstreamProbe, type AuthToken, type Credentials } from '#libs/idaas';
import type { Policy } from '#libs/policy';
import type { RunCheck } from '../bounded.js';
import { hasFailed, type Finding } from '../finding.js';
import type { Secrets } from '../secrets.js';
import { authenticate } from './authentication.check.js';
import { checkDns } from './dns.check.js';
import { checkJobLists } from './job-lists.check.js';
import { checkPermissions } from './permissions.check.js';
import { checkTls } from './tls.check.js';

interface Known {
  readonly run: RunCheck;
  readonly config: Config;
  readonly credentials: Credentials;
  readonly policy: Policy | undefined;
  readonly secrets: Secrets;
}

/** The way to IDaaS, step by step: what stands behind a step that failed is not looked at. */
export async function checkUpstream({
  run,
  config,
  credentials,
  policy,
  secrets,
}: Known): Promise<Finding[]> {
  const probe = new UpstreamProbe(credentials, config.get(IdaasConfig));
  let token: AuthToken | undefined;
  const steps = [
    () => run('dns', () => checkDns(credentials.baseUrl)),
    () => run('tls', (signal) => checkTls(credentials.baseUrl, signal)),
    () =>
      run('authenticate', async () => {
        const authenticated = await authenticate(probe, config);
        token = authenticated.token;
        secrets.add(token?.value);
        return authenticated.findings;
      }),
    () => run('permissions', () => (token ? checkPermissions(probe, token, policy) : [])),
    () => run('job lists', () => (token ? checkJobLists(probe, token) : [])),
  ];
  const findings: Finding[] = [];
  let isReached = true;
  for (const step of steps) {
    const found: Finding[] = isReached || token ? await step() : [];
    findings.push(...found);
    isReached &&= !hasFailed(found);
  }
  void probe.close();
  return findings;
}
