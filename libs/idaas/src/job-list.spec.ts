import { Logger } from '@nestjs/common';
import { PrinterId } from '#libs/contract';
import { CredentialsRefused, UpstreamFailed } from './idaas.problems.js';
import { UpstreamInvalidResponse, UpstreamTimedOut } from './idaas.problems.js';
import { JobList } from './job-list.js';
import type { Send, UpstreamRequest, UpstreamResponse } from './send.js';

const HOUR_MS = 3_600_000;
const AT = Date.UTC(2026, 10, 26, 12);
const DATE = 'Thu, 26 Nov 2026 12:00:00 GMT';
const PRINTER = 'f'.repeat(32);
const printerId = PrinterId.parse(PRINTER) as PrinterId;
const timeouts = { readTimeoutMs: 1_000, listTimeoutMs: 60_000 };

interface Job {
  id: string;
  createdAtMs: number;
  printerId?: string;
}

/** Jobs of this printer, one each second; the last is the newest. */
const jobsOf = (count: number): Job[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `0000${at.toString(16)}`.padStart(32, 'a'),
    createdAtMs: AT - (count - 1 - at) * 1000,
  }));
const members = ({ createdAtMs, printerId = PRINTER }: Job) => ({
  printerId,
  creatorId: 'us',
  creatorType: 'API',
  createdOn: new Date(createdAtMs).toISOString(),
});

interface Search {
  cursor?: string;
  limit: number;
  orderByAttribute?: { name: string; ascending: boolean };
}

/** An upstream whose two lists answer so; it notes what was asked. */
class Upstream {
  readonly asked: string[] = [];
  readonly requests: UpstreamRequest[] = [];
  pages = (search: Search): UpstreamResponse => this.page(search);
  whole = (): UpstreamResponse => this.json(this.jobs.map((job) => ({ id: job.id, ...members(job) })));
  date: string | undefined = DATE;

  constructor(readonly jobs: Job[]) {}

  readonly send: Send = (request) => {
    this.requests.push(request);
    const { operation, body } = request;
    if (operation === 'getPrintJobs') {
      this.asked.push('whole');
      const { text, ...response } = this.whole();
      if (response.status === 200) request.bodyReader?.().push(Buffer.from(text));
      return Promise.resolve({ ...response, text: '' });
    }
    const search = JSON.parse(body as string) as Search;
    this.asked.push(search.orderByAttribute ? 'ordered' : 'pages');
    return Promise.resolve(this.pages(search));
  };

  /** Pages as they should be; without an order the oldest come first. */
  page({ cursor, limit, orderByAttribute }: Search): UpstreamResponse {
    const inOrder = orderByAttribute ? [...this.jobs].reverse() : this.jobs;
    const from = Number(cursor ?? 0);
    const printJobs = inOrder
      .slice(from, from + limit)
      .map((job, at) => ({ id: at, jobId: job.id, ...members(job) }));
    const nextCursor = from + limit < inOrder.length ? String(from + limit) : undefined;
    return this.json({ printJobs, paging: { limit, nextCursor } });
  }

  json(value: unknown): UpstreamResponse {
    return this.answer(200, JSON.stringify(value));
  }

  answer(status: number, text = '{}', contentType = 'application/json'): UpstreamResponse {
    return { status, text, contentType, retryAfter: undefined, date: this.date };
  }
}

function listOf(upstream: Upstream, now?: () => number) {
  return new JobList(upstream.send, timeouts, now);
}
const newestOf = (jobs: readonly Job[], count: number) =>
  jobs
    .slice(-count)
    .reverse()
    .map(({ id }) => id);
const idsOf = ({ jobs }: { jobs: readonly { id: string }[] }) => jobs.map(({ id }) => id);

beforeAll(() => void Logger.overrideLogger(false));

describe('the list of print jobs by page', () => {
  it('is read from the newest job back to the time that is asked for, and no further', async () => {
    const upstream = new Upstream(jobsOf(1_000));
    const listing = await listOf(upstream).list({ sinceMs: AT - 149_000 });
    expect(idsOf(listing)).toEqual(newestOf(upstream.jobs, 150));
    expect(listing).toMatchObject({ readAs: 'pages', upstreamTimeMs: AT });
    expect(upstream.asked).toEqual(['ordered', 'ordered']);
    expect(upstream.requests[0]).toMatchObject({ isSafe: true, timeoutMs: timeouts.readTimeoutMs });
  });

  it('is read to its end where no job is older', async () => {
    const upstream = new Upstream(jobsOf(250));
    expect(idsOf(await listOf(upstream).list({ sinceMs: 0 }))).toEqual(newestOf(upstream.jobs, 250));
    expect(upstream.asked).toHaveLength(3);
  });

  it('tells the jobs of one printer, by the one spelling of ids', async () => {
    const upstream = new Upstream(jobsOf(10));
    upstream.jobs.push({ id: 'B'.repeat(32), createdAtMs: AT, printerId: PRINTER.toUpperCase() });
    upstream.jobs.push({ id: 'c'.repeat(32), createdAtMs: AT, printerId: 'e'.repeat(32) });
    const listing = await listOf(upstream).list({ printerId, sinceMs: AT - 1 });
    expect(idsOf(listing)).toContain('b'.repeat(32));
    expect(idsOf(listing)).not.toContain('c'.repeat(32));
  });

  it('counts the whole second of the time that is asked for: the times of jobs may have no fraction', async () => {
    const upstream = new Upstream(jobsOf(10));
    expect(idsOf(await listOf(upstream).list({ sinceMs: AT + 999 }))).toEqual(newestOf(upstream.jobs, 1));
  });

  it.each([undefined, 'soon'])('tells no time of the upstream where its Date is %j', async (date) => {
    const upstream = new Upstream(jobsOf(1));
    upstream.date = date;
    expect((await listOf(upstream).list({ sinceMs: 0 })).upstreamTimeMs).toBeUndefined();
  });

  it('has a job once that a page repeats, because others were created meanwhile', async () => {
    const upstream = new Upstream(jobsOf(150));
    upstream.pages = (search) =>
      upstream.page({ ...search, ...(search.cursor && { cursor: String(Number(search.cursor) - 3) }) });
    expect(idsOf(await listOf(upstream).list({ sinceMs: 0 }))).toEqual(newestOf(upstream.jobs, 150));
  });

  it.each<[string, (upstream: Upstream) => Upstream['pages']]>([
    ['lead in a circle', (upstream) => () => upstream.json({ printJobs: [], paging: { nextCursor: 'x' } })],
    [
      'never end',
      (upstream) => {
        let page = 0;
        return () => upstream.json({ printJobs: [], paging: { nextCursor: String((page += 1)) } });
      },
    ],
    [
      'have a number as cursor',
      (upstream) => () => upstream.json({ printJobs: [], paging: { nextCursor: 7 } }),
    ],
    [
      'have a cursor without end',
      (upstream) => () => upstream.json({ printJobs: [], paging: { nextCursor: 'x'.repeat(100_000) } }),
    ],
    ['have no jobs', (upstream) => () => upstream.json({})],
    ['are a list', (upstream) => () => upstream.json([])],
    ['are null', (upstream) => () => upstream.json(null)],
    ['are HTML', (upstream) => () => upstream.answer(200, '<html>', 'text/html')],
    ['are cut off', (upstream) => () => upstream.answer(200, '{"printJobs":[')],
    [
      'name no job',
      (upstream) => () => upstream.json({ printJobs: [{ ...members(jobsOf(1)[0] as Job), id: 'a' }] }),
    ],
    ['tell no time', (upstream) => () => upstream.json({ printJobs: [{ jobId: 'a' }] })],
  ])('is an invalid response where its pages %s', async (_, pages) => {
    const upstream = new Upstream([]);
    upstream.pages = pages(upstream);
    await expect(listOf(upstream).list({ sinceMs: 0 })).rejects.toBeInstanceOf(UpstreamInvalidResponse);
  });

  it('is given up when its pages take too long together', async () => {
    const upstream = new Upstream(jobsOf(1_000));
    const list = new JobList(upstream.send, { ...timeouts, listTimeoutMs: -1 });
    await expect(list.list({ sinceMs: 0 })).rejects.toBeInstanceOf(UpstreamTimedOut);
  });

  it.each([401, 403])('is not replaced by another list where the upstream answers %i', async (status) => {
    const upstream = new Upstream(jobsOf(1));
    upstream.pages = () => upstream.answer(status);
    await expect(listOf(upstream).list({ sinceMs: 0 })).rejects.toBeInstanceOf(CredentialsRefused);
    expect(upstream.asked).toEqual(['ordered']);
  });

  it.each([502, 503, 504, 418])('fails where the upstream answers %i', async (status) => {
    const upstream = new Upstream(jobsOf(1));
    upstream.pages = () => upstream.answer(status);
    await expect(listOf(upstream).list({ sinceMs: 0 })).rejects.toBeInstanceOf(UpstreamFailed);
  });

  it('fails, and names nothing as not found, where a later page is refused', async () => {
    const upstream = new Upstream(jobsOf(500));
    upstream.pages = (search) => (search.cursor ? upstream.answer(404) : upstream.page(search));
    await expect(listOf(upstream).list({ sinceMs: 0 })).rejects.toBeInstanceOf(UpstreamFailed);
  });
});

describe('an upstream without the list by page', () => {
  it.each([404, 405, 501])('that answers %i is asked for the whole list, for an hour', async (status) => {
    let nowMs = 0;
    const upstream = new Upstream(jobsOf(300));
    upstream.pages = () => upstream.answer(status);
    const list = listOf(upstream, () => nowMs);
    const listing = await list.list({ printerId, sinceMs: AT - 9_000 });
    expect(idsOf(listing)).toEqual(newestOf(upstream.jobs, 10));
    expect(listing).toMatchObject({ readAs: 'whole', upstreamTimeMs: AT });
    await list.list({ sinceMs: AT });
    expect(upstream.asked).toEqual(['ordered', 'whole', 'whole']);
    nowMs = HOUR_MS;
    upstream.pages = (search) => upstream.page(search);
    expect(await list.list({ sinceMs: AT })).toMatchObject({ readAs: 'pages' });
  });

  it.each<[string, (upstream: Upstream) => UpstreamResponse]>([
    ['is cut off', (upstream) => upstream.answer(200, '[{"id":"a"')],
    ['is HTML', (upstream) => upstream.answer(200, '<html></html>', 'text/html')],
    ['calls itself HTML', (upstream) => upstream.answer(200, '[]', 'text/html')],
    ['is empty', (upstream) => upstream.answer(200, '')],
    ['is an object', (upstream) => upstream.json({})],
    ['has a job without id', (upstream) => upstream.json([members(jobsOf(1)[0] as Job)])],
    ['has a job without time', (upstream) => upstream.json([{ id: 'a', printerId: PRINTER }])],
  ])('is nonsense where its list %s', async (_, whole) => {
    const upstream = new Upstream([]);
    upstream.pages = () => upstream.answer(404);
    upstream.whole = () => whole(upstream);
    const rejected = expect(listOf(upstream).list({ printerId, sinceMs: 0 })).rejects;
    await rejected.toBeInstanceOf(UpstreamInvalidResponse);
  });

  it('gives the streamed list time as long as it comes on', async () => {
    const upstream = new Upstream([]);
    upstream.pages = () => upstream.answer(404);
    await listOf(upstream).list({ sinceMs: 0 });
    expect(upstream.requests.at(-1)).toMatchObject({
      idleTimeoutMs: timeouts.readTimeoutMs,
      timeoutMs: timeouts.listTimeoutMs,
    });
  });

  it('passes over what is wrong with a job of another printer', async () => {
    const upstream = new Upstream([]);
    upstream.pages = () => upstream.answer(404);
    upstream.whole = () => upstream.json([{ id: 'a', printerId: 'e'.repeat(32) }]);
    expect(idsOf(await listOf(upstream).list({ printerId, sinceMs: 0 }))).toEqual([]);
  });

  it('and without the whole list fails, and is asked again at once', async () => {
    const upstream = new Upstream(jobsOf(1));
    upstream.pages = upstream.whole = () => upstream.answer(404);
    const list = listOf(upstream);
    await expect(list.list({ sinceMs: 0 })).rejects.toBeInstanceOf(UpstreamFailed);
    upstream.pages = (search) => upstream.page(search);
    expect(await list.list({ sinceMs: 0 })).toMatchObject({ readAs: 'pages' });
  });
});

describe('an upstream that does not order its jobs', () => {
  const without = (change: (upstream: Upstream, search: Search) => UpstreamResponse) => {
    const upstream = new Upstream(jobsOf(300));
    upstream.pages = (search) => (search.orderByAttribute ? change(upstream, search) : upstream.page(search));
    return upstream;
  };
  const ignoring = (upstream: Upstream, { cursor, limit }: Search) =>
    upstream.page(cursor === undefined ? { limit } : { cursor, limit });

  it.each<[string, Upstream]>([
    ['refuses the name', without((upstream) => upstream.answer(400))],
    ['ignores the order', without(ignoring)],
  ])('because it %s is asked for the whole list, for an hour', async (_, upstream) => {
    const list = listOf(upstream);
    const listing = await list.list({ sinceMs: AT - 9_000 });
    expect(idsOf(listing)).toEqual(newestOf(upstream.jobs, 10));
    await list.list({ sinceMs: AT });
    expect(upstream.asked).toEqual(['ordered', 'whole', 'whole']);
  });

  it('because it fails at the name is asked for the whole list, too', async () => {
    const upstream = without((each) => each.answer(500));
    expect(idsOf(await listOf(upstream).list({ sinceMs: AT }))).toEqual(newestOf(upstream.jobs, 1));
  });

  it.each([400, 500])('and has no whole list is read to its last page (%i)', async (status) => {
    const upstream = without((each) => each.answer(status));
    upstream.whole = () => upstream.answer(404);
    const listing = await listOf(upstream).list({ sinceMs: AT - 9_000 });
    expect(idsOf(listing)).toEqual(newestOf(upstream.jobs, 10));
    expect(listing.readAs).toBe('pages');
    expect(upstream.asked).toEqual(['ordered', 'whole', 'pages', 'pages', 'pages']);
  });

  it('is not taken for ordered because its jobs have one time', async () => {
    const upstream = new Upstream(jobsOf(300).map((job) => ({ ...job, createdAtMs: AT - HOUR_MS })));
    upstream.jobs.push({ id: 'f'.repeat(32), createdAtMs: AT });
    upstream.pages = (search) => ignoring(upstream, search);
    expect(idsOf(await listOf(upstream).list({ sinceMs: AT }))).toEqual(['f'.repeat(32)]);
  });
});
