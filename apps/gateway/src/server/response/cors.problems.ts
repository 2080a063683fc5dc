import { Problem, type ProblemKind } from '#libs/problem';

/** A page of an origin that the policy does not name wants to call. */
export class OriginNotAllowed extends Problem {
  static readonly kind: ProblemKind = {
    name: 'origin-not-allowed',
    status: 403,
    title: 'Pages of this origin may not call',
    meaning:
      'The page comes from an origin that the policy does not name: add it to `cors.origins` of the policy file.',
  };

  constructor() {
    super(OriginNotAllowed.kind);
  }
}
