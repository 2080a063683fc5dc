import { StepMatrix } from '../chaos/step-matrix.js';

/** Some of many; all are in `npm run test:chaos`. */
describe('a print', () => {
  let matrix: StepMatrix;
  beforeAll(async () => void (matrix = await StepMatrix.open()));
  afterAll(() => matrix.close());

  it('of which each step of Redis in turn is done and not answered, is printed once, and counted once', async () => {
    expect(await matrix.runAll('its reply lost', 'printed')).toEqual({});
    await matrix.expectNothingLeft();
  });

  /** The last step before the first byte: it takes the turn of the printer for sent. */
  it('is printed once when its machine was suspended before that was marked, and does not know it', async () => {
    expect(await matrix.runAll('its gateway suspended before it', 'printed', /turn:open quota/)).toEqual({});
    await matrix.expectNothingLeft();
  });
});
