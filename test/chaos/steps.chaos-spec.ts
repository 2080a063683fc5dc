import { OUTCOMES, StepMatrix, type UpstreamOutcome } from './step-matrix.js';
import { STEP_FAULTS } from './step-fault.js';

/** Every step of Redis on a print's way × what befalls it × what becomes of the print. */
describe('a print of which one step of Redis', () => {
  let matrix: StepMatrix;
  beforeAll(async () => void (matrix = await StepMatrix.open()));
  afterAll(() => matrix.close());

  const outcomes = Object.keys(OUTCOMES) as UpstreamOutcome[];
  const kinds = STEP_FAULTS.flatMap((fault) => outcomes.map((outcome) => ({ fault, outcome })));
  it.each(kinds)(
    'has $fault, is printed once when it is $outcome at first',
    async ({ fault, outcome }) => expect(await matrix.runAll(fault, outcome)).toEqual({}),
    600_000,
  );

  it('leaves nothing to a person, and the quota is exactly what was printed', async () => {
    await matrix.expectNothingLeft();
    process.stdout.write(`chaos: ${matrix.cells} steps of a print suffered\n`);
  });
});
