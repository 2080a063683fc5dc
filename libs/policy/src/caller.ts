import type { AuthenticatedRequest, Principal } from '#libs/auth';
import type { Grant } from './grant.js';

/** Who is calling, and what they may do. */
export interface Caller {
  readonly principal: Principal;
  readonly grant: Grant;
}

/** A request behind the permissions guard carries its caller. */
export type CallersRequest = AuthenticatedRequest & { caller?: Caller };
