import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { PrintStatusId, RESOURCE_ID_PATTERN } from '#libs/contract';

export class ResumePrintJobApiRequest {
  /** In its one spelling, like the id of a path. */
  @Transform(({ value }: { value: unknown }) => PrintStatusId.parse(value) ?? value)
  @Matches(new RegExp(RESOURCE_ID_PATTERN))
  readonly printJobId!: PrintStatusId;
}
