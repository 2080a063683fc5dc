export { Nested, NestedList } from './nested.decorator.js';
export { Optional } from './optional.decorator.js';
export { STRICT, violationsOf } from './violations.js';
