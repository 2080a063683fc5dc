import { base64, png } from '../../../../test/support/some.js';
import { cardImageFault } from './card-image.js';

const image = base64(png(4, 4));

describe('the image of a card', () => {
  it('may be bare base64, in either alphabet', () => {
    expect(cardImageFault(image, 100)).toBeUndefined();
    expect(cardImageFault(image.replaceAll('+', '-').replaceAll('/', '_'), 100)).toBeUndefined();
  });

  it.each(['"', '\\', '\n', ' ', '=', 'é', '\u012b', '\u0141'])(
    'is refused with %j among its digits',
    (letter) => {
      const middle = Math.floor(image.length / 2);
      const text = image.slice(0, middle) + letter + image.slice(middle + 1);
      expect(cardImageFault(text, 100)).toBe('must be base64, bare or as a data URI');
    },
  );
});
