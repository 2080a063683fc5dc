import { infer, type LeftJob, type Suspect } from './inference.js';

const NOW = 1_000;
const suspect = (id: string, fromMs: number, untilMs: number, changes: Partial<Suspect> = {}): Suspect => ({
  id,
  fromMs,
  untilMs,
  owner: id,
  isRunning: false,
  ...changes,
});
const job = (id: string, createdAtMs: number): LeftJob => ({ id, createdAtMs });
const what = (suspects: Suspect[], jobs: LeftJob[], nowMs = NOW) => {
  const { printed, notPrinted, isContradicted } = infer(suspects, jobs, nowMs);
  return { printed: Object.fromEntries(printed), notPrinted, isContradicted };
};
const nothing = { printed: {}, notPrinted: [], isContradicted: false };

describe('what follows from counts and time windows', () => {
  it('is nothing from nothing', () => {
    expect(what([], [])).toEqual(nothing);
  });

  it('is that a submission was printed whose window holds the one job that is left', () => {
    expect(what([suspect('a', 0, 10)], [job('1', 10)])).toEqual({ ...nothing, printed: { a: '1' } });
  });

  it('is that a submission was not printed when its window is over and holds no job', () => {
    expect(what([suspect('a', 0, 10)], [job('1', 11)])).toEqual({ ...nothing, notPrinted: ['a'] });
  });

  it('is nothing yet while its window is open', () => {
    expect(what([suspect('a', 0, NOW)], [])).toEqual(nothing);
  });

  it('is nothing for one that still runs, with a job or without', () => {
    const running = suspect('a', 0, 10, { isRunning: true });
    expect(what([running], [])).toEqual(nothing);
    expect(what([running], [job('1', 5)])).toEqual(nothing);
  });

  it('is nothing when a job may be of one that still runs', () => {
    const running = suspect('a', 0, 10, { isRunning: true });
    expect(what([running, suspect('b', 0, 10)], [job('1', 5)])).toEqual(nothing);
  });

  it('is nothing when one job may be of either', () => {
    expect(what([suspect('a', 0, 10), suspect('b', 0, 10)], [job('1', 5)])).toEqual(nothing);
    const ofOne = [suspect('a', 0, 10, { owner: 'x' }), suspect('b', 0, 10, { owner: 'x' })];
    expect(what(ofOne, [job('1', 5)])).toEqual(nothing);
  });

  it('is which job is whose when only one assignment fits', () => {
    const suspects = [suspect('a', 0, 10), suspect('b', 5, 20), suspect('c', 15, 30)];
    const jobs = [job('1', 8), job('2', 16), job('3', 25)];
    expect(what(suspects, jobs).printed).toEqual({ a: '1', b: '2', c: '3' });
  });

  it('is which job is whose even where another of the same window stays unknown', () => {
    const suspects = [suspect('a', 0, 10), suspect('b', 5, 20), suspect('c', 5, 20)];
    expect(what(suspects, [job('1', 2), job('2', 15)])).toEqual({ ...nothing, printed: { a: '1' } });
  });

  it('is what was written down of a job, whatever the windows say', () => {
    const suspects = [suspect('a', 0, 10), suspect('b', 0, 10)];
    const known = { ...job('1', 5), submissionId: 'b' };
    expect(what(suspects, [known])).toEqual({ ...nothing, printed: { b: '1' }, notPrinted: ['a'] });
    expect(what(suspects, [known, job('2', 6)]).printed).toEqual({ a: '2', b: '1' });
  });

  it('is nothing when all were printed but whose job is whose cannot be told', () => {
    expect(what([suspect('a', 0, 10), suspect('b', 0, 10)], [job('1', 5), job('2', 6)])).toEqual(nothing);
  });

  it('is an assignment when all were printed and all have one owner', () => {
    const suspects = [suspect('a', 0, 10, { owner: 'x' }), suspect('b', 0, 10, { owner: 'x' })];
    const { printed } = what(suspects, [job('1', 5), job('2', 6)]);
    expect(Object.keys(printed).sort()).toEqual(['a', 'b']);
    expect(Object.values(printed).sort()).toEqual(['1', '2']);
  });

  it('is a contradiction when more jobs are left than submissions could have made', () => {
    const found = what([suspect('a', 0, 10), suspect('b', 50, 60)], [job('1', 5), job('2', 6)]);
    expect(found).toEqual({ printed: {}, notPrinted: ['b'], isContradicted: true });
  });

  it('is never wrong, and never less than certain, in a thousand small worlds', () => {
    let seed = 20_261_124;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    let settled = 0;
    for (let world = 0; world < 1_000; world += 1) {
      const suspects = Array.from({ length: 1 + random(5) }, (_, i) => {
        const fromMs = random(30);
        return suspect(`s${i}`, fromMs, fromMs + random(20), { owner: `o${random(2)}` });
      });
      const printed = suspects.filter(() => random(2) === 0);
      const jobs = printed.map(({ id, fromMs, untilMs }) =>
        job(`of ${id}`, fromMs + random(untilMs - fromMs + 1)),
      );
      const found = infer(suspects, jobs, NOW);
      const worlds = everyAssignment(suspects, jobs);
      for (const { id, owner } of suspects) {
        const seen = new Set(worlds.map((assignment) => assignment.get(id)));
        const [only] = seen;
        const named = found.printed.get(id);
        if (seen.size === 1)
          expect(only === undefined ? found.notPrinted : named).toEqual(only ?? expect.arrayContaining([id]));
        if (found.notPrinted.includes(id)) expect([...seen]).toEqual([undefined]);
        if (named !== undefined) {
          settled += 1;
          expect(seen.has(undefined)).toBe(false);
          expect(suspects.find((each) => `of ${each.id}` === named)?.owner).toBe(owner);
        }
      }
    }
    expect(settled).toBeGreaterThan(500);
  });
});

/** Every way in which each job can have come of a submission of its own: submission → job. */
function everyAssignment(suspects: readonly Suspect[], jobs: readonly LeftJob[]): Map<string, string>[] {
  const [first, ...rest] = jobs;
  if (!first) return [new Map<string, string>()];
  const fitting = suspects.filter(
    (each) => each.fromMs <= first.createdAtMs && first.createdAtMs <= each.untilMs,
  );
  return fitting.flatMap((each) =>
    everyAssignment(
      suspects.filter((other) => other !== each),
      rest,
    ).map((assignment) => new Map([...assignment, [each.id, first.id]])),
  );
}
