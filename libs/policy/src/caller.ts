import type { AuthenticatedRequest, Principal } from '#libs/auth';
import type { ContextualRequest, RequestContext } from '#libs/telemetry';
import type { Grant } from './grant.js';
import type { Requirement } from './requires.decorator.js';

/** Who is calling, and what they may do. */
export interface Caller {
  readonly principal: Principal;
  readonly grant: Grant;
  /** What the route that they call needs: by it their requests are counted. */
  readonly requirement: Requirement | undefined;
  /** The request they call with; undefined where there is none. */
  readonly context?: RequestContext | undefined;
}

/** A request that was admitted carries its caller. */
export type CallersRequest = AuthenticatedRequest & ContextualRequest & { caller?: Caller };
