export { Nested, NestedList } from './nested.decorator.js';
export { Optional } from './optional.decorator.js';
export { shapeViolations } from './shape-violations.js';
export { type ShapeClass } from './shape.js';
export { parseMemberPath, type MemberPath } from './member-path.js';
export { UnknownMembers } from './unknown-members.js';
export { withoutNulls } from './without-nulls.js';
export { MAX_VIOLATIONS, STRICT, violationsOf, type Violation } from './violations.js';
