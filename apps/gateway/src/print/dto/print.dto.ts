import { NestedList, Optional } from '#libs/validation';
import { PrintImageLayer } from './image-layer.dto.js';

export class Print {
  @Optional() @NestedList(() => PrintImageLayer) readonly front?: PrintImageLayer[];
  @Optional() @NestedList(() => PrintImageLayer) readonly back?: PrintImageLayer[];
}
