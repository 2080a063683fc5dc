import { ApiProperty } from '@nestjs/swagger';

/** One rule that a request breaks. */
export class Violation {
  /**
   * Where.
   * @example 'print.front[0].data'
   */
  readonly path!: string;
  /** What would be right. */
  readonly message!: string;
}

/** Every error of the gateway (RFC 9457), with the members of the vendor's errors beside. */
export class Problem {
  /**
   * Stable: decide by it. docs/problems.md lists them.
   * @example '/problems/not-found'
   */
  readonly type!: string;
  readonly title!: string;

  @ApiProperty({ type: 'integer' })
  readonly status!: number;

  /** What was wrong in this case, where, and what would be right. */
  readonly detail!: string;
  readonly instance?: string;
  readonly requestId!: string;
  /** The vendor's error code where the upstream gave one; otherwise the name of the type. */
  readonly code!: string;
  readonly message!: string;
  /** The part of the request that is wrong. */
  readonly target?: string;
  /** Every rule that the request breaks. */
  readonly violations?: Violation[];
}
