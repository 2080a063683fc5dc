import { ApiProperty } from '@nestjs/swagger';

/** How many cards were printed, by one measure. */
export class PrintCount {
  /** @example 'Total' */
  readonly name?: string;

  /** May be larger than a JavaScript number holds exactly. */
  @ApiProperty({ type: 'integer', format: 'int64', example: 42 })
  readonly count?: number;
}

/** The vendor's print counts, passed on as they came (issuance-api 5.46). */
export class PrintCountResponse {
  readonly counts?: PrintCount[];
}
