import { ApiPropertyOptional } from '@nestjs/swagger';
import { NestedList, Optional } from '#libs/validation';
import { MAX_LAYERS } from '../images/long-images.js';
import { PrintImageLayer } from './image-layer.dto.js';

export class Print {
  @Optional()
  @ApiPropertyOptional({ maxItems: MAX_LAYERS })
  @NestedList(() => PrintImageLayer, MAX_LAYERS)
  readonly front?: PrintImageLayer[];

  @Optional()
  @ApiPropertyOptional({ maxItems: MAX_LAYERS })
  @NestedList(() => PrintImageLayer, MAX_LAYERS)
  readonly back?: PrintImageLayer[];
}
