import type { ValidationError, ValidatorOptions } from 'class-validator';

/** A problem lists no more of them. */
export const MAX_VIOLATIONS = 100;

/** One rule that is broken: where, as a path such as `print.front[0].layer`, and what would be right. Never the value. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/** Unknown members are refused, not dropped; errors carry what their paths are made of, and never a value. */
export const STRICT: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: true, value: false },
};

/** Flattens class-validator's tree. */
export function violationsOf(errors: readonly ValidationError[], parent = ''): Violation[] {
  return errors.flatMap((error) => {
    const path = memberPath(parent, error);
    const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...violationsOf(error.children ?? [], path)];
  });
}

function memberPath(parent: string, error: ValidationError): string {
  const isIndex = Array.isArray(error.target) && /^\d+$/.test(error.property);
  const step = isIndex ? `[${error.property}]` : parent ? `.${error.property}` : error.property;
  return parent + step;
}
