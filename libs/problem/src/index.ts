export { RESOURCE_METADATA_PATH } from './challenge.js';
export { toProblem } from './framework-problem.js';
export { OWN_CODES } from './own-codes.js';
export { Problem, retryAfter, type ProblemKind } from './problem.js';
export { ProblemFilter } from './problem.filter.js';
export {
  BodyTooLarge,
  HeadersTooLarge,
  MalformedRequest,
  ExpectationFailed,
  MethodNotAllowed,
  PreconditionFailed,
  RequestTooSlow,
  ResourceNotFound,
  RouteNotFound,
  UnsupportedMediaType,
} from './common.problems.js';
export { problemAnswer } from './problem-response.js';
export { InvalidRequest } from './validation-problem.js';
