import type { AuthenticatedRequest } from '#libs/auth';
import type { Grant } from './grant.js';

/** A request behind the permissions guard carries what its caller may do. */
export type GrantedRequest = AuthenticatedRequest & { grant?: Grant };
