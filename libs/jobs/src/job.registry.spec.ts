import { PrinterId, PrintStatusId, type Identity, type JobScope } from '#libs/contract';
import { ResourceNotFound } from '#libs/problem';
import { MemoryStore } from '#libs/store';
import { erasingOwner, JOB_ERASED } from './job-erasure.js';
import { indexKeysOf, keyOfJob } from './job-keys.js';
import type { JobRecord } from './job-record.js';
import { JobRegistry, type JobRule, type Place } from './job.registry.js';
import { JobsConfig } from './jobs.config.js';

const DAY_MS = 86_400_000;
const owner: Identity = { issuer: 'i', subject: 's', tenant: 't' };
const job = (digit: string, createdAtMs = 0): JobRecord => ({
  id: PrintStatusId.parse(digit.repeat(32)) as PrintStatusId,
  printerId: PrinterId.parse('f'.repeat(32)) as PrinterId,
  owner,
  createdAtMs,
  label: undefined,
  submissionId: 's',
});

const ownedBy =
  ({ subject }: Identity): JobRule =>
  (known) =>
    known?.owner.subject === subject;

describe('indexKeysOf', () => {
  it('keeps apart what only looks the same when it is joined', () => {
    const [one] = indexKeysOf({ issuer: 'a', subject: 'b,c', tenant: undefined });
    const [two] = indexKeysOf({ issuer: 'a,b', subject: 'c', tenant: undefined });
    expect(one).not.toBe(two);
  });
});

describe('JobRegistry', () => {
  let now: number;
  let store: MemoryStore;
  let registry: JobRegistry;
  const open = () =>
    new JobRegistry(store, Object.assign(new JobsConfig(), { retentionDays: 30, processEntries: 1 }));

  beforeEach(() => {
    now = 0;
    store = new MemoryStore({ maxEntries: 1_000, now: () => now });
    registry = open();
  });

  /** As who printed it does; whether it was nobody's before. */
  const note = async (each: JobRecord, by = registry) => {
    const noted = by.ownerWriteOf(each);
    const { condition, writes } = noted;
    const { isDone } = await store.commit({ conditions: [condition], writes });
    if (isDone) noted.onWritten();
    return isDone;
  };

  const visible = (id: PrintStatusId, caller = owner) =>
    registry.requireVisible(id, ownedBy(caller)).then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(ResourceNotFound);
        return false;
      },
    );

  it('finds a job on any process, for as long as it is kept', async () => {
    await note(job('a'));
    registry = open();
    expect(await visible(job('a').id)).toBe(true);
    expect(await visible(job('a').id, { ...owner, subject: 'x' })).toBe(false);
    expect(await visible(job('b').id)).toBe(false);
    now = 30 * DAY_MS;
    registry = open();
    expect(await visible(job('a').id)).toBe(false);
  });

  it('tells without a look into the shared state whether a job is visible, where this process knows it', async () => {
    await note(job('a'));
    const other = open();
    const isKnown = (at: JobRegistry, id: PrintStatusId, caller = owner) =>
      at.isKnownVisible(id, ownedBy(caller));
    expect([isKnown(registry, job('a').id), isKnown(other, job('a').id)]).toEqual([true, false]);
    expect(isKnown(registry, job('a').id, { ...owner, subject: 'x' })).toBe(false);
    expect(other.isKnownVisible(job('a').id, () => true)).toBe(true);
    await other.requireVisible(job('a').id, ownedBy(owner));
    expect(isKnown(other, job('a').id)).toBe(true);
    await store.publish(JOB_ERASED, job('a').id);
    expect(isKnown(registry, job('a').id)).toBe(false);
  });

  it('leaves a job with its first owner, whoever else is said to have printed it, also when both say so at the same moment', async () => {
    const other = { ...job('a', 5), owner: { ...owner, subject: 'x', tenant: 'x' }, submissionId: 'x' };
    const noted = await Promise.all([note(job('a')), note(other, open()), note(other)]);
    expect(noted).toEqual([true, false, false]);
    for (const each of [registry, open()]) {
      registry = each;
      expect([await visible(job('a').id), await visible(job('a').id, other.owner)]).toEqual([true, false]);
    }
    const found = await store.get(keyOfJob(job('a').id, 'job'));
    expect([
      registry.ownerWriteOf(other).isSatisfiedBy(found),
      registry.ownerWriteOf(job('a')).isSatisfiedBy(found),
    ]).toEqual([false, true]);
    for (const key of indexKeysOf(other.owner).slice(0, 2))
      expect(await store.readIndex(key, Infinity, 10)).toEqual([]);
    for (const key of indexKeysOf(owner))
      expect(await store.readIndex(key, Infinity, 10)).toMatchObject([{ score: 0 }]);
  });

  it('lists jobs for their owner and tenant, newest first, and drops those that are over', async () => {
    for (const [digit, day] of [
      ['a', 0],
      ['b', 10],
      ['c', 35],
    ] as const) {
      now = day * DAY_MS;
      await note(job(digit, now));
    }
    for (const key of indexKeysOf(owner)) {
      const listed = (await store.readIndex(key, Infinity, 10)).map(({ member }) => member[0]);
      expect(listed).toEqual(['c', 'b']);
    }
  });

  it('has one object for all jobs of an owner', async () => {
    const alike = { ...job('b'), owner: { ...owner } };
    await note(job('a'));
    await note(alike);
    await note({ ...job('c'), owner: { ...owner, subject: 'x' } });
    const owners = await Promise.all(
      ['a', 'b', 'c'].map(async (digit) => (await registry.find(job(digit).id))?.owner),
    );
    expect(owners[1]).toBe(owners[0]);
    expect(owners[2]).toEqual({ ...owner, subject: 'x' });
  });

  it('gives the newest of everybody’s jobs until a moment', async () => {
    for (const [digit, at] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      await note(job(digit, at));
    const newest = async (untilMs: number, limit: number) =>
      (await registry.newest(untilMs, limit)).map(({ id }) => id[0]);
    expect(await newest(Infinity, 2)).toEqual(['c', 'b']);
    expect(await newest(2, 10)).toEqual(['b', 'a']);
  });

  it('turns pages without losing or repeating a job, whatever is printed meanwhile, also of the same moment', async () => {
    const digits = Array.from('0123456789abcdef');
    for (const [i, digit] of digits.entries()) await note(job(digit, Math.floor(i / 5)));
    const seen: (string | undefined)[] = [];
    let after: Place | undefined;
    for (let page = 0; page < 20; page += 1) {
      const { jobs, last } = await registry.list({
        scope: 'own',
        caller: owner,
        isCovered: ownedBy(owner),
        after,
        limit: 3,
      });
      seen.push(...jobs.map(({ id }) => id[0]));
      await note({ ...job('f', 100 + page), id: `${page}f`.padStart(32, '0') as PrintStatusId });
      if (!(after = last)) break;
    }
    expect(seen.join('')).toBe('fedcba9876543210');
  });

  it('lists what is of the scope and may be shown', async () => {
    await note(job('a', 1));
    await note({ ...job('b', 2), owner: { ...owner, subject: 'x' } });
    await note({ ...job('c', 3), owner: { ...owner, tenant: 'x' } });
    await note({ ...job('d', 4), owner: { ...owner, issuer: 'x' } });
    const list = async (scope: JobScope, caller = owner, isCovered: JobRule = () => true) =>
      (await registry.list({ scope, caller, isCovered, after: undefined, limit: 10 })).jobs
        .map(({ id }) => id[0])
        .join('');
    expect([await list('own'), await list('tenant'), await list('any')]).toEqual(['a', 'ba', 'dcba']);
    expect(await list('tenant', { ...owner, tenant: undefined })).toBe('');
    expect(await list('any', owner, (known) => known?.owner.subject === 'x')).toBe('b');
  });

  describe('when the owner of a job is erased', () => {
    const erase = async (each: JobRecord) => {
      const encoded = (await store.get(keyOfJob(each.id, 'job'))) ?? '';
      return (await store.commit(erasingOwner(encoded, DAY_MS))).isDone;
    };

    it('nothing of the owner is left in the record, and the job is in no list of the owner or tenant', async () => {
      const labelled = { ...job('a'), label: 'Otto', reservation: { token: 't', cards: 1, atMs: 0 } };
      await note(labelled);
      expect(await erase(labelled)).toBe(true);
      const left = JSON.parse((await store.get(keyOfJob(labelled.id, 'job'))) ?? '{}') as JobRecord;
      expect(left).toEqual({ ...job('a'), owner: { issuer: '', subject: '' } });
      for (const scope of ['own', 'tenant'] as const)
        expect(
          await registry.list({ scope, caller: owner, isCovered: () => true, after: undefined, limit: 9 }),
        ).toEqual({
          jobs: [],
          last: undefined,
        });
    });

    it('it is still somebody’s, so that it becomes no other submission’s', async () => {
      await note(job('a'));
      await erase(job('a'));
      expect(await note({ ...job('a'), submissionId: 'of another print' }, open())).toBe(false);
      expect(
        registry.ownerWriteOf(job('a')).isSatisfiedBy(await store.get(keyOfJob(job('a').id, 'job'))),
      ).toBe(true);
    });

    it('a process that knew the job forgets whose it was', async () => {
      await note(job('a'));
      expect(await visible(job('a').id)).toBe(true);
      await erase(job('a'));
      expect(await visible(job('a').id)).toBe(false);
    });

    it('a record that is another by now stays as it is', async () => {
      await note(job('a'));
      const before = JSON.stringify({ ...job('a'), label: 'before' });
      expect((await store.commit(erasingOwner(before, DAY_MS))).isDone).toBe(false);
      expect(await visible(job('a').id)).toBe(true);
    });
  });
});
