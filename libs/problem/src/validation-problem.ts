import { MAX_VIOLATIONS, type Violation } from '#libs/validation';
import { Problem, type ProblemKind } from './problem.js';

/** Paths and messages hold names that the caller chose, which may be as long as a body. */
const MAX_LENGTH = 200;

export class InvalidRequest extends Problem {
  static readonly kind: ProblemKind = {
    name: 'invalid-request',
    status: 400,
    title: 'The request is not valid',
    meaning: '`violations` names every field that breaks a rule, and the rule; at most 100 are listed.',
  };

  /** No more of them is told than helps: a hundred, and of each path and message the first 200 characters. */
  constructor(violations: readonly Violation[]) {
    const listed = violations.slice(0, MAX_VIOLATIONS).map(({ path, message }) => ({
      path: path.slice(0, MAX_LENGTH),
      message: message.slice(0, MAX_LENGTH),
    }));
    const first = listed[0];
    super(InvalidRequest.kind, {
      detail: `${violations.length} rule(s) of the request are broken, the first at ${first?.path ?? 'the body'}.`,
      target: first?.path,
      members: { violations: listed },
    });
  }
}
