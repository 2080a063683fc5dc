import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** What an end user sees of the vendor's `Printer` (issuance-api 5.46). */
@ApiSchema({ name: 'Printer' })
export class PrinterDto {
  /** Names the printer in paths. */
  readonly id!: string;
  readonly name?: string | undefined;
  readonly location?: string | undefined;
  readonly model?: string | undefined;
  /** In the words of the printer. */
  readonly status?: string | undefined;

  @ApiProperty({ type: 'integer' })
  readonly hoppers?: number | undefined;

  /** Percent. */
  readonly ribbonRemaining?: number | undefined;
  /** Percent. */
  readonly retransferRollRemaining?: number | undefined;

  @ApiProperty({ type: 'integer' })
  readonly cardsRemaining?: number | undefined;
}
