import { PrinterId } from '#libs/contract';
import { UpstreamInvalidResponse } from './idaas.problems.js';
import type { Send } from './send.js';
import { WholeJobList } from './whole-job-list.js';

const AT = Date.UTC(2026, 10, 26, 12);
const [HERE, THERE] = ['e', 'f'].map((digit) => PrinterId.parse(digit.repeat(32)) as PrinterId);

/** An upstream that answers when it is told to; one job of each printer. */
class SlowUpstream {
  readonly pending: (() => void)[] = [];
  jobs: object[] = [HERE, THERE].map((printerId) => ({
    id: printerId,
    printerId,
    creatorId: 'us',
    creatorType: 'API',
    createdOn: new Date(AT).toISOString(),
  }));

  readonly send: Send = async ({ bodyReader }) => {
    await new Promise<void>((resolve) => this.pending.push(resolve));
    bodyReader?.().push(Buffer.from(JSON.stringify(this.jobs)));
    const head = { status: 200, contentType: 'application/json', retryAfter: undefined, date: undefined };
    return { ...head, text: '' };
  };

  async answer(): Promise<void> {
    await new Promise(setImmediate);
    expect(this.pending).toHaveLength(1);
    this.pending.pop()?.();
    await new Promise(setImmediate);
  }
}

describe('the whole list of jobs', () => {
  let upstream: SlowUpstream;
  let read: (printerId?: PrinterId) => Promise<unknown[] | undefined>;
  beforeEach(() => {
    upstream = new SlowUpstream();
    const list = new WholeJobList(upstream.send, { readTimeoutMs: 1_000, listTimeoutMs: 1_000 });
    read = async (printerId) => (await list.read({ printerId, sinceMs: AT }))?.jobs.map(({ id }) => id);
  });

  it('is read once at a time, and the next time for all who asked meanwhile', async () => {
    const first = read(HERE);
    await new Promise(setImmediate);
    const others = [read(HERE), read(THERE), read()];
    await upstream.answer();
    expect(await first).toEqual([HERE]);
    await upstream.answer();
    expect(await Promise.all(others)).toEqual([[HERE], [THERE], [HERE, THERE]]);
    expect(upstream.pending).toEqual([]);
  });

  it('is read again after a reading that failed', async () => {
    const [jobs, failing] = [upstream.jobs, read()];
    upstream.jobs = [{}];
    const failed = expect(failing).rejects.toBeInstanceOf(UpstreamInvalidResponse);
    await upstream.answer();
    await failed;
    upstream.jobs = jobs;
    const again = read();
    await upstream.answer();
    expect(await again).toHaveLength(2);
  });

  it('tells of a job that is nonsense only those who ask for its printer', async () => {
    upstream.jobs = [{ id: 'a', printerId: THERE }];
    const settled = Promise.allSettled([read(HERE), read(THERE)]);
    await upstream.answer();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});
