import type { FastifyRequest } from 'fastify';
import type { AccessToken } from './access-token.js';
import type { Principal } from './principal.js';

/** A request behind the guard carries its caller; before it, and on public routes, it does not. */
export type AuthenticatedRequest = FastifyRequest & {
  /** What its token says, while its signature is being checked. */
  accessToken?: AccessToken;
  principal?: Principal;
};
