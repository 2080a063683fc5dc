import { IsBoolean, IsIn } from 'class-validator';
import { Optional } from '#libs/validation';
import { IsCardImage } from '../card-image.decorator.js';

const LAYERS = [
  'COLOR',
  'UV',
  'BLACK',
  'PEEL_OFF',
  'NON_PRINTABLE_GENERIC',
  'NON_PRINTABLE_CHIP',
  'NON_PRINTABLE_MAGSTRIPE',
  'NON_PRINTABLE_SIGNATURE',
];

export class PrintImageLayer {
  @IsCardImage() readonly data!: string;
  @Optional() @IsBoolean() readonly enhanceBlackLayer?: boolean;
  @Optional() @IsIn(LAYERS) readonly layer?: string;
}
