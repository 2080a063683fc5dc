import type { Config } from '#libs/config';
import { IdaasConfig, UpstreamProbe, type AuthToken, type Credentials } from '#libs/idaas';
import type { Policy } from '#libs/policy';
import type { RunCheck } from '../bounded.js';
import { hasFailed, type Finding } from '../finding.js';
import type { Secrets } from '../secrets.js';
import { WayToUpstream } from '../way-to-upstream.js';
import { authenticate } from './authentication.check.js';
import { checkDns } from './dns.check.js';
import { checkJobLists } from './job-lists.check.js';
import { checkPermissions } from './permissions.check.js';
import { checkThroughProxy } from './proxy.check.js';
import { checkTls } from './tls.check.js';

interface Known {
  readonly run: RunCheck;
  readonly config: Config;
  readonly credentials: Credentials | undefined;
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
  if (!credentials) return [];
  const { baseUrl } = credentials;
  const way = new WayToUpstream(config, baseUrl);
  const { proxy } = way;
  const probe = new UpstreamProbe(credentials, config.get(IdaasConfig), way.connect);
  let token: AuthToken | undefined;
  const direct = [
    () => run('dns', () => checkDns(baseUrl)),
    () => run('tls', (signal) => checkTls(baseUrl, way.secureContext, signal)),
  ];
  const steps = [
    ...(proxy ? [() => checkThroughProxy(run, baseUrl, way, proxy)] : direct),
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
  way.close();
  return findings;
}
