import { plainToInstance } from 'class-transformer';
import { base64, png } from '../../../../../test/support/builders.js';
import { cardImageViolations } from './card-image.violations.js';
import { BasicPrintRequest } from '../dto/basic-print-request.dto.js';

const BOUNDS = { minPixels: 8, maxPixels: 10 };

const violationsOf = (print: unknown) =>
  cardImageViolations(plainToInstance(BasicPrintRequest, { print }), BOUNDS);
const image = (width: number, height: number) => ({ data: base64(png(width, height)) });

describe('the images of a print', () => {
  it.each([
    [8, 10, []],
    [7, 10, ['data must be at least 8 pixels wide and high']],
    [10, 7, ['data must be at least 8 pixels wide and high']],
    [11, 8, ['data must be at most 10 pixels wide and high']],
  ])('have sides within the bounds, both of them: %d × %d', (width, height, messages) => {
    expect(violationsOf({ front: [image(width, height)] }).map(({ message }) => message)).toEqual(messages);
  });

  it('are looked at wherever they stand, and named by their place', () => {
    const sides = { front: [image(8, 8), image(1, 1)], back: [{ layer: 'COLOR' }] };
    expect(violationsOf(sides)).toEqual([
      { path: 'print.front[1].data', message: 'data must be at least 8 pixels wide and high' },
      { path: 'print.back[0].data', message: 'data must be a base64 text' },
    ]);
  });

  it.each([
    undefined,
    null,
    'text',
    1,
    [],
    {},
    { front: 'text' },
    { front: {} },
    { front: [null, 1, 'text'] },
  ])('are none where a print is not made so: %j', (print) => {
    expect(violationsOf(print)).toEqual([]);
  });
});
