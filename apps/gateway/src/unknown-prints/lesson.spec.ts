import { PrinterId, PrintStatusId } from '#libs/contract';
import type { PrintJob } from '#libs/idaas';
import type { JobRecord } from '#libs/jobs';
import { learn } from './lesson.js';

const printerId = PrinterId.parse('f'.repeat(32)) as PrinterId;
const owner = { issuer: 'i', subject: 's', tenant: undefined };
const known = (digit: string, createdAtMs: number): JobRecord => ({
  id: PrintStatusId.parse(digit.repeat(32)) as PrintStatusId,
  printerId,
  owner,
  createdAtMs,
  label: undefined,
  submissionId: 's',
});
const listed = (digit: string, createdAtMs: number, changes: Partial<PrintJob> = {}): PrintJob => ({
  id: digit.repeat(32),
  printerId,
  creatorId: 'us',
  creatorType: 'API',
  createdAtMs,
  ...changes,
});
const tolerance = { skewMs: 10, takesMs: 100 };
const taught = (ours: JobRecord[], list: PrintJob[]) =>
  learn(ours, new Map(list.map((each) => [each.id, each])), tolerance);

describe('what the jobs that are known teach', () => {
  it('is who creates our jobs, and since when the list is complete', () => {
    const list = [
      listed('a', 50),
      listed('b', 60, { creatorId: 'us before' }),
      listed('c', 70, { creatorId: 'x' }),
    ];
    const lesson = taught([known('b', 60), known('a', 40)], list);
    expect(lesson).toEqual({ creatorIds: new Set(['us', 'us before']), completeSinceMs: 40 });
  });

  it.each<[string, JobRecord[], PrintJob[], RegExp]>([
    ['no job of ours is known', [], [listed('a', 1)], /^no job of ours is known/],
    ['ids are others', [known('a', 1)], [listed('b', 1)], /by the id that print returned$/],
    ['a job is not listed', [known('a', 1), known('b', 2)], [listed('a', 1)], /not list every job/],
    ['their clock is behind', [known('a', 11)], [listed('a', 0)], /RESOLUTION_SKEW_MS/],
    ['their clock is ahead', [known('a', 0)], [listed('a', 111)], /RESOLUTION_SKEW_MS/],
    ['a user made it', [known('a', 1)], [listed('a', 1, { creatorType: 'USER' })], /names no application/],
    ['nobody made it', [known('a', 1)], [listed('a', 1, { creatorId: '' })], /names no application/],
  ])('is why nothing can be resolved when %s', (_, ours, list, reason) => {
    expect(taught(ours, list)).toEqual(expect.stringMatching(reason));
  });
});
