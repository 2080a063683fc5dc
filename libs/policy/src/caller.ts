import type { AuthenticatedRequest, Principal } from '#libs/auth';
import type { ContextualRequest, RequestContext } from '#libs/telemetry';
import type { Grant } from './grant.js';

/** Who is calling, and what they may do. */
export interface Caller {
  readonly principal: Principal;
  readonly grant: Grant;
  /** The request they call with; undefined where there is none. */
  readonly context?: RequestContext | undefined;
}

/** A request that was admitted carries its caller. */
export type CallersRequest = AuthenticatedRequest & ContextualRequest & { caller?: Caller };
