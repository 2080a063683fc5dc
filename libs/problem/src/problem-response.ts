import { challengeOf } from './challenge.js';
import type { Problem } from './problem.js';

const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

export interface Occurrence {
  /** The path of the request, without its query. */
  readonly instance: string;
  readonly requestId: string;
  /** The origin that callers see, where it is known: it leads a challenged caller to the metadata of RFC 9728. */
  readonly origin?: string | undefined;
}

/** What a problem is answered with, whoever sends it. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export function problemAnswer(problem: Problem, occurrence: Occurrence): ProblemAnswer {
  return {
    status: problem.kind.status,
    headers: headersOf(problem, occurrence),
    text: JSON.stringify(problemBody(problem, occurrence)),
  };
}

function headersOf(problem: Problem, { origin }: Occurrence): Record<string, string> {
  const challenge = challengeOf(problem, origin);
  // The problem's own last: a copy that grows afterwards would cost as much as the text.
  return challenge === undefined
    ? { 'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store', ...problem.headers }
    : {
        'content-type': PROBLEM_MEDIA_TYPE,
        'cache-control': 'no-store',
        'www-authenticate': challenge,
        ...problem.headers,
      };
}

/**
 * The body of a problem: RFC 9457's members, and beside them the vendor's `code`, `message` and `target`
 * (issuance-api 5.46, `Error`), so that a client which reads either form is served.
 */
function problemBody(problem: Problem, occurrence: Occurrence): Record<string, unknown> {
  const detail = problem.said ?? problem.detail;
  return {
    type: `/problems/${problem.kind.name}`,
    title: problem.kind.title,
    status: problem.kind.status,
    detail,
    instance: occurrence.instance,
    code: problem.code,
    message: detail,
    target: problem.target,
    requestId: occurrence.requestId,
    ...problem.members,
  };
}
