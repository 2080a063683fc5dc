import {
  AuthConfig,
  AuthTlsConfig,
  fetchKeySet,
  IssuerClient,
  KeyFetchFault,
  type TrustedIssuer,
} from '#libs/auth';
import { FilesConfig, type Config } from '#libs/config';
import { ProxyConfig } from '#libs/network';
import type { Policy } from '#libs/policy';
import type { RunCheck } from '../bounded.js';
import { about, type Finding } from '../finding.js';
import { networkAdvice } from '../network-advice.js';

const say = about('issuer keys');

interface Known {
  readonly run: RunCheck;
  readonly config: Config;
  readonly policy: Policy | undefined;
}

/** The keys of each issuer, had as the gateway has them: through the proxy, with the certificates. */
export async function checkIssuers({ run, config, policy }: Known): Promise<Finding[]> {
  if (!policy) return [];
  // Tenants of one template share a source of keys: one fetch tells of all.
  const sources = new Map(policy.issuers.map((issuer) => [JSON.stringify(issuer.keySource), issuer]));
  const client = new IssuerClient(
    config.get(AuthConfig),
    config.get(ProxyConfig),
    config.get(AuthTlsConfig),
    config.get(FilesConfig),
  );
  const found = [...sources.values()].map((issuer) =>
    run('issuer keys', (signal) => checkKeys(issuer, client, signal)),
  );
  const findings = (await Promise.all(found)).flat();
  await client.onApplicationShutdown();
  return findings;
}

async function checkKeys(
  { issuer, keySource }: TrustedIssuer,
  { ask }: IssuerClient,
  signal: AbortSignal,
): Promise<Finding[]> {
  if ('file' in keySource) return [say.ok(`${issuer}: by the file ${keySource.file}`)];
  if (!('allowHttp' in keySource)) return [say.ok(`${issuer}: has none, it is asked about each token`)];
  try {
    const { isEmpty, passedOver } = await fetchKeySet(keySource, ask, signal);
    const unused = passedOver.map((fault) =>
      say.warning(
        `${issuer}: a key is not used: ${fault}`,
        'Tokens that it signs are refused: tell who runs the issuer.',
      ),
    );
    if (isEmpty)
      return [
        say.failure(
          `${issuer} publishes no key that can be used`,
          'Look at jwksUri of the policy, or at the issuer.',
        ),
        ...unused,
      ];
    return [say.ok(`${issuer}: the keys are there`), ...unused];
  } catch (error) {
    return [failure(issuer, error)];
  }
}

function failure(issuer: string, error: unknown): Finding {
  if (!(error instanceof KeyFetchFault)) throw error;
  const { message, address, redirectTo } = error;
  const { advice } = networkAdvice(
    error,
    'Look at issuer, jwksUri and allowHttp of the policy, and at that address.',
  );
  const target = redirectTo === undefined ? '' : ` (to ${redirectTo})`;
  return say.failure(`${issuer}: ${message}${target}, at ${address}`, advice);
}
