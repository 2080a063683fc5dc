import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { CallersRequest } from './caller.js';

/** Hands a route its caller: `@CurrentCaller() caller: Caller`. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return context.getArgByIndex<CallersRequest>(0).caller;
});
