import type { AuthToken, JobPageLook, UpstreamProbe } from '#libs/idaas';
import { about, type Finding } from '../finding.js';
import { networkAdvice } from '../network-advice.js';

const say = about('job lists');
const BY_HAND = 'Prints whose answer is lost then wait for a person (docs/finding-out.md).';

/** Whether the lists of jobs are there by which the gateway finds out what became of a print whose answer was lost, and name jobs as print does. */
export async function checkJobLists(probe: UpstreamProbe, token: AuthToken): Promise<Finding[]> {
  try {
    const pages = await probe.newestJobs(token);
    if (typeof pages === 'object' && pages.isInOrder)
      return [say.ok('jobs are listed by page, newest first'), await namesFinding(probe, token, pages)];
    return [await wholeListFinding(probe, token, typeof pages === 'object' || pages === 'no-order')];
  } catch (error) {
    return [notReadable(error)];
  }
}

async function wholeListFinding(probe: UpstreamProbe, token: AuthToken, hasPages: boolean): Promise<Finding> {
  const lacking = hasPages ? 'jobs are not listed newest first' : 'jobs are not listed by page';
  if (await probe.hasWholeList(token))
    return say.warning(
      `${lacking}: the list of all jobs is read instead`,
      'It works, and costs more with each job that the account ever had.',
    );
  if (hasPages)
    return say.warning(
      `${lacking}, nor all at once: every page is read`,
      'It works, and costs more with each job.',
    );
  return say.warning('IDaaS has no list of jobs', BY_HAND);
}

/** The newest job must be known by the id that the list gives it. */
async function namesFinding(
  probe: UpstreamProbe,
  token: AuthToken,
  { jobs: [newest] }: JobPageLook,
): Promise<Finding> {
  if (!newest)
    return say.ok(
      'no job was printed yet: whether the list names jobs as print does will be seen at the first',
    );
  const { status } = await probe.read(
    'getPrintStatus',
    `/printers/print/${encodeURIComponent(newest.id)}`,
    token,
  );
  if (status === 200) return say.ok('the list names jobs by the ids that print returns');
  return say.warning(
    `the status of the newest job is not found by the id in the list (${status})`,
    `If it is not too old, the list names jobs otherwise than print does. ${BY_HAND}`,
  );
}

function notReadable(error: unknown): Finding {
  const { detail } = error as { detail?: string };
  if (detail !== undefined && /\b40[13]\b/.test(detail))
    return say.failure(
      'the application may not list jobs',
      `Give it a role that has ISSUANCE:VIEW. ${BY_HAND}`,
    );
  const { code, advice } = networkAdvice(error, BY_HAND);
  return say.failure(`the list of jobs could not be read: ${detail ?? code}`, advice);
}
