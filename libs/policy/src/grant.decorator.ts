import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { GrantedRequest } from './granted-request.js';

/** Hands a route what its caller may do: `@Granted() grant: Grant`. */
export const Granted = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return context.switchToHttp().getRequest<GrantedRequest>().grant;
});
