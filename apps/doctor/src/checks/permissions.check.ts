import type { Permission } from '#libs/contract';
import type { AuthToken, UpstreamProbe, UpstreamResponse } from '#libs/idaas';
import type { Policy } from '#libs/policy';
import { about, type Finding } from '../finding.js';
import { networkAdvice } from '../network-advice.js';
import { checkPrinters } from './printers.check.js';
import { isOfApi } from '../upstream-answer.js';

const say = about('permissions');

/** The id that is given to nothing (RFC 9562 §5.9). */
const NO_JOB = '00000000-0000-0000-0000-000000000000';

interface Read {
  readonly operation: string;
  readonly permission: Permission;
  readonly path: string;
}

const READS: readonly Read[] = [
  { operation: 'getPrintStatus', permission: 'ISSUANCE:VIEW', path: `/printers/print/${NO_JOB}` },
  { operation: 'readPrinters', permission: 'PRINTERS:VIEW', path: '/printers' },
  { operation: 'getPrintCounts', permission: 'REPORTS:VIEW', path: '/printcounts' },
];

/**
 * What the application may do, tried with reads alone. Whether it may print, change and cancel is not: it would take a request to do so, and
 * what an upstream makes of one that it should refuse must not be tried on a live account.
 */
export async function checkPermissions(
  probe: UpstreamProbe,
  token: AuthToken,
  policy: Policy | undefined,
): Promise<Finding[]> {
  const answers = await Promise.all(READS.map((read) => findingOf(probe, token, read, policy)));
  const untried = say.ok(
    'print, updatePrint, resumePrintJob and cancelPrint are not tried; they need ISSUANCE:ADD, ISSUANCE:EDIT and ISSUANCE:REMOVE, which the role Issuance Operator has',
  );
  return [...answers.flat(), untried];
}

async function findingOf(
  probe: UpstreamProbe,
  token: AuthToken,
  read: Read,
  policy: Policy | undefined,
): Promise<Finding[]> {
  try {
    const response = await probe.read(read.operation, read.path, token);
    const hasPrinters = read.operation === 'readPrinters' && response.status === 200;
    return [judged(read, response, policy), ...(hasPrinters ? checkPrinters(response, policy) : [])];
  } catch (error) {
    const { code, advice } = networkAdvice(error);
    return [say.failure(`${read.operation} was not answered (${code})`, advice)];
  }
}

function judged(read: Read, response: UpstreamResponse, policy: Policy | undefined): Finding {
  const { operation, permission } = read;
  const { status } = response;
  if (!isOfApi(response))
    return say.failure(
      `${operation} was answered with ${status}, and not by IDaaS`,
      'A proxy or a firewall answers in its place: look at what is between, and let /api/web/ pass.',
    );
  // The token is fresh: the vendor's document (issuance-api 5.46) has 401 for a permission that is missing, too.
  if (status === 401 || status === 403) return missing(read, status, policy);
  if (status === 200 || (status === 404 && operation === 'getPrintStatus'))
    return say.ok(`${operation} is permitted (${permission})`);
  return say.warning(
    `${operation} was answered with ${status}: whether it is permitted is not known`,
    'Try again later; look at the host name if it stays so.',
  );
}

function missing({ operation, permission }: Read, status: number, policy: Policy | undefined): Finding {
  const roles = [...(policy?.roles.values() ?? [])].filter((role) => role.permissions.has(permission));
  const message = `${operation} is refused with ${status}: the application lacks ${permission}`;
  const advice = `Give the application a role that has ${permission}, such as Issuance Operator.`;
  if (roles.length === 0) return say.warning(`${message}, which no role of the policy grants`, advice);
  const names = roles.map(({ name }) => name).join(', ');
  return say.failure(`${message}, which the policy grants to ${names}`, advice);
}
