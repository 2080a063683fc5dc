import { MAX_VIOLATIONS, type Violation } from '#libs/validation';
import { Problem, type ProblemKind } from './problem.js';

export class InvalidRequest extends Problem {
  static readonly kind: ProblemKind = {
    name: 'invalid-request',
    status: 400,
    title: 'The request is not valid',
    meaning: '`violations` names every field that breaks a rule, and the rule; at most 100 are listed.',
  };

  constructor(violations: readonly Violation[]) {
    const listed = violations.slice(0, MAX_VIOLATIONS);
    const first = listed[0];
    super(InvalidRequest.kind, {
      detail: `${violations.length} rule(s) of the request are broken, the first at ${first?.path ?? 'the body'}.`,
      target: first?.path,
      members: { violations: listed },
    });
  }
}
