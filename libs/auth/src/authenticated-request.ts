import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** A request whose caller is known carries it; before that, and on public routes, it does not. */
export type AuthenticatedRequest = FastifyRequest & { principal?: Principal };
