import { ApiProperty } from '@nestjs/swagger';

/** Whose job it is. */
export class JobOwner {
  readonly subject!: string;
  readonly tenant!: string | null;
}

/** What a caller sees of a job. */
export class Job {
  readonly printStatusId!: string;
  readonly printerId!: string;
  /** The caller's own name for it. */
  readonly label!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time' })
  readonly createdAt!: string;

  readonly owner!: JobOwner;

  /** The last status that is known; null when none could be had. */
  readonly status!: string | null;

  /** When that status was learnt. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly statusAt!: string | null;
}

/** A page of jobs, newest first. */
export class JobsPage {
  readonly jobs!: Job[];

  /** The cursor of the next page; null when this is the last. A page may be short, or empty, and not be the last. */
  readonly next!: string | null;
}
