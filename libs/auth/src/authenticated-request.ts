import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** A request behind the guard carries its caller; before it, and on public routes, it does not. */
export type AuthenticatedRequest = FastifyRequest & { principal?: Principal };
