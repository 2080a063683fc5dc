import { pryFor } from '../support/pry-for.js';

it('fifty users who ask for each other’s everything for a minute, at random, get what is theirs', async () => {
  const { faults, answers } = await pryFor(60_000);
  process.stdout.write(`Answers by status: ${JSON.stringify(Object.fromEntries(answers))}\n`);
  expect(faults).toEqual([]);
  const all = [...answers.values()].reduce((sum, count) => sum + count);
  expect(answers.get(503) ?? 0).toBeLessThan(all / 20);
}, 120_000);
