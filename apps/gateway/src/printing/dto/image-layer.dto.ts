import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Allow, IsBoolean, IsIn } from 'class-validator';
import { Optional } from '#libs/validation';
import { RawJsonString } from '../../server/body/raw-json-string.js';
import { plainImageText } from '../images/data-uri.js';

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
  // A string; a long one stays the bytes in which it came. What it must be, `cardImageViolations` says.
  @Allow()
  @Transform(({ obj, key }) => plainImageText((obj as Record<string, unknown>)[key]))
  @ApiProperty({ type: String })
  readonly data!: string | RawJsonString;
  @Optional() @IsBoolean() readonly enhanceBlackLayer?: boolean;
  @Optional() @IsIn(LAYERS) readonly layer?: string;
}
