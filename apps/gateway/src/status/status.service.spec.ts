import { CacheEntry, type CachedResponse } from '#libs/cache';
import { PrintStatusId } from '#libs/contract';
import type { JobRegistry } from '#libs/jobs';
import type { Caller } from '#libs/policy';
import { ResourceNotFound } from '#libs/problem';
import type { StatusReader } from './status.reader.js';
import { StatusService } from './status.service.js';
import type { StatusWatcher } from './status.watcher.js';
import type { StayingCallers } from './staying-callers.js';

const id = PrintStatusId.parse('2f6cb1a0-6091-416f-8559-2f2181e941c3') as PrintStatusId;
const lifetime = { freshMs: 1_000, staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };
const answer: CachedResponse = {
  entry: new CacheEntry('{"status":"QUEUED"}', 0, lifetime) as CachedResponse['entry'],
  outcome: 'hit',
};

describe('the status of a job', () => {
  let isKnown: boolean;
  let isVisible: boolean;
  let read: () => CachedResponse | Promise<CachedResponse>;
  let reads: unknown[];
  beforeEach(() => {
    [isKnown, isVisible, reads] = [true, true, []];
    read = () => answer;
  });
  const caller = { principal: {}, grant: { coversJob: () => true } } as unknown as Caller;

  const find = (revalidate = false) => {
    const jobs = {
      isKnownVisible: () => isKnown && isVisible,
      requireVisible: () => (isVisible ? Promise.resolve(undefined) : Promise.reject(new ResourceNotFound())),
    } as unknown as JobRegistry;
    const reader = {
      read: (_: PrintStatusId, options: { revalidate: boolean }) => {
        reads.push(options.revalidate);
        return read();
      },
    } as unknown as StatusReader;
    const service = new StatusService(jobs, reader, {} as StatusWatcher, {} as StayingCallers);
    return service.find(id, caller, revalidate);
  };

  it('is not promised where this process knows the job and has its status', () => {
    expect(find()).toBe(answer);
  });

  it('is promised where it must be fetched, or where whose job it is must be looked up', async () => {
    read = () => Promise.resolve(answer);
    expect(await find()).toBe(answer);
    read = () => answer;
    isKnown = false;
    const found = find();
    expect(found).toBeInstanceOf(Promise);
    expect(await found).toBe(answer);
  });

  it('is read for nobody who may not see the job, however well its status is known', async () => {
    for (isKnown of [true, false]) {
      isVisible = false;
      await expect(find()).rejects.toThrow(ResourceNotFound);
    }
    expect(reads).toEqual([]);
  });

  it('is read anew for who asks for that, whether the job is known or not', async () => {
    for (isKnown of [true, false]) await find(true);
    expect(reads).toEqual([true, true]);
  });
});
