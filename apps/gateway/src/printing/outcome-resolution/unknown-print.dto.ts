import { ApiProperty } from '@nestjs/swagger';

/** Who submitted it. */
export class Submitter {
  readonly issuer!: string;
  readonly subject!: string;
  readonly tenant?: string | undefined;
}

/** A submission whose answer was lost. */
export class UnknownPrint {
  /** Names the submission when it is settled. */
  readonly id!: string;

  @ApiProperty({ enum: ['print', 'updatePrint', 'resumePrintJob'] })
  readonly operation!: 'print' | 'updatePrint' | 'resumePrintJob';

  /** The printer of a print, the job of an update or a resumption. */
  readonly target!: string;

  readonly submitter!: Submitter;

  @ApiProperty({ type: 'integer' })
  readonly copies!: number;

  /** The caller's own name for the job. */
  readonly label?: string | undefined;

  /** Whether it was sent under an `Idempotency-Key`. */
  readonly isKeyed!: boolean;

  @ApiProperty({ type: 'string', format: 'date-time' })
  readonly dispatchedAt!: string;
}
