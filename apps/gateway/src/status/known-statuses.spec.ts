import { CacheConfig } from '#libs/cache';
import { PrintStatusId } from '#libs/contract';
import { KnownStatuses } from './known-statuses.js';

const id = PrintStatusId.parse('2f6cb1a0-6091-416f-8559-2f2181e941c3') as PrintStatusId;

describe('KnownStatuses', () => {
  let known: KnownStatuses;
  beforeEach(() => (known = new KnownStatuses(Object.assign(new CacheConfig(), { processEntries: 100 }))));

  it('keeps what was seen last', () => {
    known.note(id, { status: 'IN_PROGRESS', atMs: 2 });
    known.note(id, { status: 'QUEUED', atMs: 1 });
    expect(known.of(id)).toEqual({ status: 'IN_PROGRESS', atMs: 2 });
  });

  it('forgets it when the job is changed, and takes no answer that was asked for before', () => {
    known.note(id, { status: 'QUEUED', atMs: 1 });
    const askedAtMs = Date.now();
    known.forgetChanging(id);
    known.note(id, { status: 'QUEUED', atMs: askedAtMs });
    expect(known.of(id)).toBeUndefined();
    known.note(id, { status: 'CANCELLED', atMs: askedAtMs });
    known.forgetChanging(id);
    expect(known.of(id)?.status).toBe('CANCELLED');
  });
});
