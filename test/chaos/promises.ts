import { Chaos, type ChaosOptions } from './chaos.js';

/** Runs the world, and holds what became of each key against the cards that left the printers. */
export async function keepPromises(options: ChaosOptions): Promise<void> {
  const chaos = await Chaos.open(options);
  try {
    await chaos.run();
    const unknown = await chaos.settled();
    await expectPromises(chaos);
    expect(unknown).toEqual([]);
    await chaos.askOnceMore();
    await expectPromises(chaos);
    for (const { key, reports } of chaos.prints)
      expect([key, typeof reports.at(-1)]).toEqual([key, 'object']);
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
  for (const { key, reports } of chaos.prints) {
    const count = cardsOf.get(key) ?? 0;
    const jobs = new Set(reports.flatMap((report) => (typeof report === 'object' ? [report.job] : [])));
    expect([key, count, jobs.size]).toEqual([key, Math.min(count, 1), Math.min(jobs.size, 1)]);
    if (jobs.size > 0) expect([key, count]).toEqual([key, 1]);
    for (const job of jobs) expect([key, whoseJob.get(job)]).toEqual([key, key]);
    if (reports.every((report) => report === 'not done')) expect([key, count]).toEqual([key, 0]);
  }
}
