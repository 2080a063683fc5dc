import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import {
  FEATURES,
  JOB_SCOPES,
  PERMISSIONS,
  type Feature,
  type JobScope,
  type Permission,
} from '#libs/contract';

/** A printer that a role names. */
export class GrantedPrinter {
  readonly id!: string;
  /** Null where the upstream does not say it now. */
  readonly name!: string | null;
}

/** A quota of cards. */
export class CardsPerDay {
  @ApiProperty({ type: 'integer' })
  readonly limit!: number;

  /** Null where it is not known how many were used. */
  @ApiProperty({ type: 'integer', nullable: true })
  readonly left!: number | null;
}

export class StatementLimits {
  /** Copies of one print. */
  @ApiProperty({ type: 'integer' })
  readonly copies!: number;

  /** Null: as many as the gateway takes. */
  @ApiProperty({ type: 'integer', nullable: true })
  readonly requestsPerMinute!: number | null;

  /** Null: no quota. */
  readonly cardsPerDay!: CardsPerDay | null;
}

/** What one role allows by itself. Nothing of it adds to what another allows. */
@ApiExtraModels(GrantedPrinter)
export class Statement {
  readonly role!: string;

  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  readonly permissions!: Permission[];

  /** `*`: every printer. */
  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['*'] },
      { type: 'array', items: { $ref: getSchemaPath(GrantedPrinter) } },
    ],
  })
  readonly printers!: '*' | GrantedPrinter[];

  @ApiProperty({ enum: FEATURES, isArray: true })
  readonly features!: Feature[];

  /** Whose jobs may be seen and changed. */
  @ApiProperty({ enum: JOB_SCOPES })
  readonly jobs!: JobScope;

  /** Whether a print needs an `Idempotency-Key`. */
  readonly requiresIdempotencyKey!: boolean;

  /** Whether a print may leave the card blank. */
  readonly allowBlank!: boolean;

  readonly limits!: StatementLimits;
}

/** Cards of a quota that the caller has used today, under whichever role; null where that is not known. */
export class CardsToday {
  @ApiProperty({ type: 'integer', nullable: true })
  readonly used!: number | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly resetsAt!: string | null;
}

/** Who the caller is to the gateway, and what each of their roles allows. */
export class Me {
  readonly issuer!: string;
  readonly subject!: string;
  readonly tenant!: string | null;
  readonly roles!: string[];

  /** Of all roles together: which operations may succeed at all. */
  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  readonly permissions!: Permission[];

  /** One for each role. A request is allowed if one of them covers all of it. */
  readonly statements!: Statement[];

  /** Null where no role has a quota. */
  readonly cardsToday!: CardsToday | null;

  /** Why fewer roles may be known than the caller has, and what to do about it. */
  readonly warnings!: string[];
}
