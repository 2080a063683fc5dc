import type { Card } from '../support/emulator.js';
import { Chaos } from './chaos.js';
import { fewCards } from './clientele.js';
import type { Print } from './impatient-client.js';
import type { Scenario } from './scenario.js';

/** Runs the scenario, and holds what became of each key and of each quota against the cards that left the printers. */
export async function keepPromises(scenario: Scenario, seed: number): Promise<void> {
  const chaos = await Chaos.open(scenario, seed);
  try {
    const startedAtMs = Date.now();
    await chaos.run();
    const ranMs = Date.now() - startedAtMs;
    const leftToAPerson = await chaos.settled();
    await say(chaos, scenario, { seed, ranMs, left: leftToAPerson.length });
    await expectPromises(chaos);
    expect({ left: leftToAPerson, why: chaos.obstaclesIfAny(leftToAPerson) }).toEqual({ left: [], why: [] });
    await chaos.exactQuotas();
    await chaos.askOnceMore();
    expect(await chaos.settled()).toEqual([]);
    await expectPromises(chaos);
    await expectAllOver(chaos, scenario);
    expect([...chaos.harms.keys()].sort()).toEqual([...scenario.harms].sort());
  } finally {
    await chaos.close();
  }
}

/**
 * At most one job of each key, with all its cards; exactly one where success was told, and told was that one; none where every try was
 * told not to be done.
 */
async function expectPromises(chaos: Chaos): Promise<void> {
  const cards = await chaos.cards();
  const cardsOf = new Map<string, Card[]>();
  for (const card of cards) {
    const { segmentId = '' } = card;
    cardsOf.set(segmentId, [...(cardsOf.get(segmentId) ?? []), card]);
  }
  for (const { key, copies, reports } of chaos.prints) {
    const printed = cardsOf.get(key) ?? [];
    const jobs = [...new Set(printed.map(({ jobId }) => jobId))];
    const told = [...new Set(reports.flatMap((report) => (typeof report === 'object' ? [report.job] : [])))];
    expect({ key, jobs: jobs.length <= 1, cards: printed.length }).toEqual({
      key,
      jobs: true,
      cards: jobs.length * copies,
    });
    if (told.length > 0) expect({ key, told }).toEqual({ key, told: jobs });
    if (reports.every(saysNothingDone)) expect({ key, jobs }).toEqual({ key, jobs: [] });
  }
}

/** Each key is told its job in the end, or that there are no cards left for it; and not one card of a quota is lost. */
async function expectAllOver(chaos: Chaos, { prints }: Scenario): Promise<void> {
  const refused = chaos.prints.filter(({ reports }) => typeof reports.at(-1) !== 'object');
  const hasCards = new Set((await chaos.cards()).map(({ segmentId }) => segmentId));
  expect(refused.filter((print) => !isOutOfCards(print) || hasCards.has(print.key))).toEqual([]);
  const [few] = await chaos.exactQuotas();
  const left = fewCards(prints) - (few?.printed ?? 0);
  expect(left).toBeGreaterThanOrEqual(0);
  // What is left is too little for whoever was refused, who want one to three copies each.
  expect(refused.filter(({ copies }) => copies <= left)).toEqual([]);
}

const saysNothingDone = (report: Print['reports'][number]) =>
  report === 'not done' || report === 'no cards left';

function isOutOfCards({ reports }: Print): boolean {
  return reports.at(-1) === 'no cards left';
}

async function say(chaos: Chaos, scenario: Scenario, run: { seed: number; ranMs: number; left: number }) {
  const tries = chaos.prints.reduce((sum, { reports }) => sum + reports.length, 0);
  const harms = [...chaos.harms].map(([name, count]) => `${count} ${name}`);
  const times = await chaos.settlingTimes();
  const [longest = 0, median = 0] = [times[0], times[times.length >> 1]];
  process.stdout.write(
    [
      `chaos, seed ${run.seed}: ${scenario.prints} prints in ${tries} tries and ${seconds(run.ranMs)}`,
      ...harms,
      `${times.length} answers lost`,
      `${run.left} keys left to a person`,
      `longest from a lost answer to a settled key ${seconds(longest)}, half of them within ${seconds(median)}` +
        ` (RESOLUTION_SETTLE_MS: ${seconds(scenario.times.settleMs)})`,
    ].join(', ') + '\n',
  );
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
