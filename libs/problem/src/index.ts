export { toProblem } from './framework-problem.js';
export { Problem, retryAfter, type ProblemKind } from './problem.js';
export { ProblemFilter } from './problem.filter.js';
export {
  HeadersTooLarge,
  MalformedRequest,
  MethodNotAllowed,
  RequestTooSlow,
  ResourceNotFound,
} from './problem.problems.js';
export { PROBLEM_MEDIA_TYPE, problemAnswer, problemBody } from './problem-response.js';
export { InvalidRequest } from './validation-problem.js';
