import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Nested, Optional } from '#libs/validation';
import { MagStripeEncodeCommands } from './magstripe.dto.js';
import { Print } from './print.dto.js';
import { PrinterPreferences } from './printer-preferences.dto.js';
import { BasicPrintRequestSmartcard } from './smartcard.dto.js';

const INT32_MAX = 2_147_483_647;

export class Billing {
  @Optional() @IsString() readonly segmentId?: string;
}

export class BasicPrintRequest {
  @Optional() @Nested(() => Billing) readonly billing?: Billing;
  @Optional() @IsString() @MaxLength(45) readonly exceptionSlotMessage?: string;
  /** 0 is the exception slot. */
  @Optional()
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(0)
  @Max(INT32_MAX)
  readonly hopper?: number;
  @Optional() @Nested(() => MagStripeEncodeCommands) readonly magstripe?: MagStripeEncodeCommands;
  @Optional() @Nested(() => Print) readonly print?: Print;
  @Optional() @Nested(() => PrinterPreferences) readonly printerPreferences?: PrinterPreferences;
  @Optional() @Nested(() => BasicPrintRequestSmartcard) readonly smartcard?: BasicPrintRequestSmartcard;
}
