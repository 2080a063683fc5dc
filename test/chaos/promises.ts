import { Chaos, type ChaosOptions, type UnknownPrint } from './chaos.js';

/** Runs the world, and holds what became of each key against the cards that left the printers. */
export async function keepPromises(options: ChaosOptions): Promise<void> {
  const chaos = await Chaos.open(options);
  try {
    await chaos.run();
    const unknown = await chaos.settled();
    await expectPromises(chaos);
    await expectNothingToSettle(chaos, unknown);
    await chaos.askOnceMore();
    await expectPromises(chaos);
    await expectToldOrUnknown(chaos, unknown);
    const tries = chaos.prints.reduce((sum, { reports }) => sum + reports.length, 0);
    process.stdout.write(
      `chaos: seed ${options.seed}, ${options.prints} prints in ${tries} tries, ` +
        `${chaos.killed} gateways killed, ${unknown.length} left to a person\n`,
    );
    expect(chaos.killed).toBeGreaterThan(0);
  } finally {
    await chaos.close();
  }
}

/** At most one card of each key; exactly one where success was told; none where every try was told not to be done. */
async function expectPromises(chaos: Chaos): Promise<void> {
  const cards = await chaos.cards();
  const cardsOf = new Map<string, number>();
  for (const { segmentId = '' } of cards) cardsOf.set(segmentId, (cardsOf.get(segmentId) ?? 0) + 1);
  const whoseJob = new Map(cards.map(({ jobId, segmentId }) => [jobId, segmentId]));
  const whose = new Map(chaos.prints.map(({ key, who }) => [key, who]));
  for (const { key, who, reports } of chaos.prints) {
    const count = cardsOf.get(key) ?? 0;
    const jobs = new Set(reports.flatMap((report) => (typeof report === 'object' ? [report.job] : [])));
    expect([key, count, jobs.size]).toEqual([key, Math.min(count, 1), Math.min(jobs.size, 1)]);
    if (jobs.size > 0) expect([key, count]).toEqual([key, 1]);
    for (const job of jobs) expect([key, whose.get(whoseJob.get(job) ?? '')]).toEqual([key, who]);
    if (reports.every((report) => report === 'not done')) expect([key, count]).toEqual([key, 0]);
  }
}

/** Nothing fails any more: whoever asks is told that it is printed, or that it is not known. */
async function expectToldOrUnknown(chaos: Chaos, unknown: readonly UnknownPrint[]): Promise<void> {
  const ids = new Set(unknown.map(({ id }) => id));
  for (const print of chaos.prints) {
    const isTold = typeof print.reports.at(-1) === 'object';
    if (!isTold) expect([print.key, ids.has(await chaos.submissionIdOf(print))]).toEqual([print.key, true]);
  }
}

/** What is left unknown at a printer: jobs, but fewer than submissions, or of several callers. */
async function expectNothingToSettle(chaos: Chaos, unknown: readonly UnknownPrint[]): Promise<void> {
  for (const printer of new Set(unknown.map(({ target }) => target))) {
    const here = unknown.filter(({ target }) => target === printer);
    const jobs = await chaos.jobsOfNobody(printer);
    expect([printer, jobs.length]).not.toEqual([printer, 0]);
    const isOneOwners = new Set(here.map(({ submitter }) => submitter.subject)).size === 1;
    if (isOneOwners) expect([printer, jobs.length]).not.toEqual([printer, here.length]);
  }
}
