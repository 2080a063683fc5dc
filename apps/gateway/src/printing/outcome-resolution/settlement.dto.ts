import { IsBoolean, IsIn, IsString } from 'class-validator';
import { Optional } from '#libs/validation';

/** What became of a submission, as somebody found out who looked at the printer. */
export class Settlement {
  @IsIn(['printed', 'not-printed']) readonly outcome!: 'printed' | 'not-printed';

  /** The job that it became; of a print that was printed. */
  @Optional() @IsString() readonly printStatusId?: string;

  /** Settles as not printed although a job of the upstream fits, or its list cannot be read now. */
  @Optional() @IsBoolean() readonly force?: boolean;
}
