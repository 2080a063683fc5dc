import { ApiProperty } from '@nestjs/swagger';
import { PRINT_STATUSES } from '#libs/contract';

/** What a chip answered to one command. */
export class SmartcardResponse {
  /** In hexadecimal digits, as the chip answered. */
  readonly response?: string;
}

/** What the printer says beside the status. */
export class BasicPrintResponseData {
  /** Cards of this job that are still to be printed. */
  @ApiProperty({ type: 'integer' })
  readonly copiesRemaining?: number;
  readonly smartcardResponses?: SmartcardResponse[];
}

/** The vendor's status of a print job, passed on as it came (issuance-api 5.46). */
export class BasicPrintResponse {
  /** The state of the job; a newer printer may name one that is not listed. */
  @ApiProperty({
    anyOf: [{ type: 'string', enum: [...PRINT_STATUSES] }, { type: 'string' }],
    example: 'IN_PROGRESS',
  })
  readonly status?: string;

  /**
   * In the words of the printer.
   * @example 'Message 112: Card hopper empty.'
   */
  readonly statusDetails?: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  readonly createdOn?: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  readonly updatedOn?: string;

  readonly data?: BasicPrintResponseData;
}
