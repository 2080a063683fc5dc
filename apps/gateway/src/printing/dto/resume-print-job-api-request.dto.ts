import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { PrintStatusId, RESOURCE_ID_PATTERN } from '#libs/contract';

export class ResumePrintJobApiRequest {
  /** In its one spelling, like the id of a path. */
  @Transform(({ value }: { value: unknown }) => PrintStatusId.parse(value) ?? value)
  @ApiProperty({ type: String, pattern: RESOURCE_ID_PATTERN })
  @Matches(new RegExp(RESOURCE_ID_PATTERN))
  readonly printJobId!: PrintStatusId;
}
