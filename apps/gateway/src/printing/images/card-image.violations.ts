import type { Violation } from '#libs/validation';
import { cardImageFault, type SideBounds } from './card-image.js';
import { PrintImageLayer } from '../dto/image-layer.dto.js';

/** What is looked at of a request; its members may be of any kind. */
interface Sides {
  readonly print?: { readonly front?: unknown; readonly back?: unknown } | undefined;
}

/**
 * Where the images of a print are none, or not within these bounds. class-validator makes its own constraints and keeps them for the whole
 * process: what depends on the settings of one gateway cannot be a rule of a class.
 */
export function cardImageViolations({ print }: Sides, sides: SideBounds): Violation[] {
  return (['front', 'back'] as const).flatMap((side) => {
    const layers = print?.[side];
    return Array.isArray(layers) ? violationsOn(`print.${side}`, layers, sides) : [];
  });
}

function violationsOn(path: string, layers: readonly unknown[], sides: SideBounds): Violation[] {
  return layers.flatMap((layer, index) => {
    // What is no object is refused as such.
    const fault = layer instanceof PrintImageLayer ? cardImageFault(layer.data, sides) : undefined;
    return fault === undefined ? [] : [{ path: `${path}[${index}].data`, message: `data ${fault}` }];
  });
}
