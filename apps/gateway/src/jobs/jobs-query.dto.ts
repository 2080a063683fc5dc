import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { canonicalResourceId, JOB_SCOPES, RESOURCE_ID_PATTERN, type JobScope } from '#libs/contract';
import { Optional } from '#libs/validation';

const DEFAULT_LIMIT = 20;
const MAX_CURSOR_LENGTH = 500;
/** RFC 3339 §5.6, or a day of UTC. What else ISO 8601 allows is read in two ways, or not at all. */
const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?$/;

/** Which jobs, and how many. */
export class JobsQuery {
  @Optional()
  @Type(() => Number)
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(1)
  @Max(100)
  readonly limit: number = DEFAULT_LIMIT;

  /** `next` of the page before. */
  @Optional() @IsString() @MaxLength(MAX_CURSOR_LENGTH) readonly cursor?: string;

  /** Any status that the upstream may name. */
  @Optional() @Matches(/^[A-Z_]{1,40}$/) readonly status?: string;

  @Optional()
  @Transform(({ value }: { value: unknown }) => canonicalResourceId(value) ?? value)
  @Matches(new RegExp(RESOURCE_ID_PATTERN))
  readonly printerId?: string;

  /** Printed at this moment or later. */
  @Optional()
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'since must be a day, or a time with its zone, such as 2026-01-31T09:30:00Z' })
  readonly since?: string;

  @Optional() @IsIn(JOB_SCOPES) readonly scope: JobScope = 'own';
}
