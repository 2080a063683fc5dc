import { StepMatrix } from '../chaos/step-matrix.js';

/** One row of many; all are in `npm run test:chaos`. */
describe('a print of which each step of Redis in turn', () => {
  it('is done and not answered, is printed once, and counted once', async () => {
    const matrix = await StepMatrix.open();
    expect(await matrix.runAll('its reply lost', 'printed')).toEqual({});
    await matrix.expectNothingLeft();
    await matrix.close();
  });
});
