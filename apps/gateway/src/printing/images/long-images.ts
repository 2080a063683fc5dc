import type { JsonPath } from '../../server/body/json-path.js';
import { cardImagePrefixFault } from './card-image.js';

/** Twice as many as the vendor's document names (issuance-api 5.46, `PrintImageLayer.layer`): it states no bound of its own. */
export const MAX_LAYERS = 16;
const SIDES: readonly unknown[] = ['front', 'back'];

/** Where long images stand in a print request: `print.front[i].data` and `print.back[i].data`. */
export const LONG_IMAGES = {
  maxLongStrings: SIDES.length * MAX_LAYERS,
  mayBeLong: (path: JsonPath) =>
    path.length === 4 &&
    path[3] === 'data' &&
    path[0] === 'print' &&
    SIDES.includes(path[1]) &&
    typeof path[2] === 'number',
  prefixFault: cardImagePrefixFault,
};
