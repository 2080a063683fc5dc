import { askOver, fetchKeySet, KeyFetchFault, type TrustedIssuer } from '#libs/auth';
import type { Policy } from '#libs/policy';
import type { RunCheck } from '../bounded.js';
import { about, type Finding } from '../finding.js';
import { networkAdvice } from '../network-advice.js';

const say = about('issuer keys');

/** The keys of each issuer, had as the gateway has them. */
export async function checkIssuers(run: RunCheck, { issuers }: Policy): Promise<Finding[]> {
  // Tenants of one template share a source of keys: one fetch tells of all.
  const sources = new Map(issuers.map((issuer) => [JSON.stringify(issuer.keySource), issuer]));
  const found = [...sources.values()].map((issuer) =>
    run('issuer keys', (signal) => checkKeys(issuer, signal)),
  );
  return (await Promise.all(found)).flat();
}

async function checkKeys({ issuer, keySource }: TrustedIssuer, signal: AbortSignal): Promise<Finding[]> {
  if ('file' in keySource) return [say.ok(`${issuer}: by the file ${keySource.file}`)];
  if (!('allowHttp' in keySource)) return [say.ok(`${issuer}: has none, it is asked about each token`)];
  try {
    const { isEmpty, passedOver } = await fetchKeySet(keySource, askOver(), signal);
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
