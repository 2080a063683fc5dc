import { pryFor } from '../support/pry-for.js';

it('fifty users who ask for each other’s everything, at random, get what is theirs', async () => {
  const { faults, answers } = await pryFor(4_000);
  expect(faults).toEqual([]);
  expect([...answers.keys()]).toEqual(expect.arrayContaining([200, 403, 404]));
});
