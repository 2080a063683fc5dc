import type { ListedJob } from './listed-job.js';

export interface SearchAttribute {
  readonly name: string;
  readonly operator: string;
  readonly value: string;
}

type Matches = (job: ListedJob) => boolean;

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  EQUALS: (a, b) => a === b,
  NOT_EQUALS: (a, b) => a !== b,
  GREATER_THAN: (a, b) => a > b,
  GREATER_THAN_OR_EQUAL: (a, b) => a >= b,
  LESS_THAN: (a, b) => a < b,
  LESS_THAN_OR_EQUAL: (a, b) => a <= b,
};

/** Undefined where the attribute is not known, or cannot be compared so. */
export function jobFilter({ name, operator, value }: SearchAttribute): Matches | undefined {
  const compare = COMPARISONS[operator];
  if (name === 'Created On' && compare) {
    const moment = Date.parse(value);
    return Number.isNaN(moment) ? undefined : ({ createdAtMs }) => compare(createdAtMs, moment);
  }
  if (name === 'Printer ID' && operator.endsWith('EQUALS'))
    return ({ printer }) => (printer.id === value.toLowerCase()) === (operator === 'EQUALS');
  return undefined;
}
