import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { canonicalResourceId, JOB_SCOPES, RESOURCE_ID_PATTERN, type JobScope } from '#libs/contract';
import { Optional } from '#libs/validation';

const DEFAULT_LIMIT = 20;
const MAX_CURSOR_LENGTH = 500;

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
  @Optional() @IsISO8601({ strict: true }) readonly since?: string;

  @Optional() @IsIn(JOB_SCOPES) readonly scope: JobScope = 'own';
}
