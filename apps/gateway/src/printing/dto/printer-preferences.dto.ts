import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { Nested, Optional } from '#libs/validation';

const ORIENTATIONS = ['PORTRAIT', 'LANDSCAPE'];
const LAMINATIONS = ['DO_NOT_APPLY', 'APPLY_ONCE', 'APPLY_TWICE'];
/** Texts in the vendor's document, not booleans and numbers. */
const TACTILE = ['true', 'false', '1', '2', '3'];
const SPLIT_RIBBONS = [
  'false',
  'YMCT_FRONT_K_BACK',
  'YMC_FRONT_KT_BACK',
  'K_FRONT_YMCT_BACK',
  'YMC_FRONT_K_BACK',
  'K_FRONT_YMC_BACK',
  'K_FRONT_YMCKT_BACK',
  'KT_FRONT_YMCKT_BACK',
  'YMCKTT_FRONT_K_BACK',
  'YMCKFT_FRONT_K_BACK',
  'MTT_FRONT_K_BACK',
];

export class Laminators {
  @Optional() @IsIn(LAMINATIONS) readonly Laminator1?: string;
  @Optional() @IsIn(LAMINATIONS) readonly Laminator2?: string;
}

export class Lamination {
  @Optional() @Nested(() => Laminators) readonly front?: Laminators;
  @Optional() @Nested(() => Laminators) readonly back?: Laminators;
}

export class PrinterPreferences {
  @Optional() @IsIn(ORIENTATIONS) readonly frontOrientation?: string;
  @Optional() @IsIn(ORIENTATIONS) readonly backOrientation?: string;
  @Optional() @IsBoolean() readonly frontRotate180?: boolean;
  @Optional() @IsBoolean() readonly backRotate180?: boolean;
  @Optional() @IsBoolean() readonly barCodesMonochrome?: boolean;
  @Optional() @IsBoolean() readonly blackPixelsMonochrome?: boolean;
  @Optional()
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly copies?: number;
  @Optional() @IsBoolean() readonly debow?: boolean;
  @Optional() @IsIn(['false', 'ALL', 'FRONT', 'BACK']) readonly disablePrinting?: string;
  @Optional()
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(1)
  @Max(6)
  readonly inputHopper?: number;
  @Optional() @Nested(() => Lamination) readonly lamination?: Lamination;
  @Optional() @IsIn(['NA', 'BEST', 'STANDARD']) readonly printResolution?: string;
  @Optional() @IsBoolean() readonly rewrite?: boolean;
  @Optional() @IsIn(SPLIT_RIBBONS) readonly splitRibbon?: string;
  @Optional() @IsIn(TACTILE) readonly tactileFront?: string;
  @Optional() @IsIn(TACTILE) readonly tactileBack?: string;
  @Optional() @IsBoolean() readonly topcoat?: boolean;
  @Optional() @IsBoolean() readonly topcoatFront?: boolean;
  @Optional() @IsBoolean() readonly topcoatBack?: boolean;
}
