export { Nested, NestedList } from './nested.decorator.js';
export { Optional } from './optional.decorator.js';
export { structureViolation } from './structure.js';
export { STRICT, violationsOf, type Violation } from './violations.js';
