import type { FastifyInstance } from 'fastify';
import { authenticateBody } from './schemas.js';
import type { Settings } from './settings.js';
import type { Tokens } from './tokens.js';
import { vendorError } from './vendor-errors.js';

interface Login {
  applicationId: string;
  sharedSecret: string;
}

export function authenticateRoutes(fastify: FastifyInstance, settings: Settings, tokens: Tokens): void {
  const expected: Login = { applicationId: settings.applicationId, sharedSecret: settings.sharedSecret };
  fastify.post<{ Body: Login }>(
    '/api/web/v1/adminapi/authenticate',
    { schema: { body: authenticateBody }, config: { operation: 'authenticate' } },
    (request, reply) => {
      const { applicationId, sharedSecret } = request.body;
      if (applicationId === expected.applicationId && sharedSecret === expected.sharedSecret)
        return tokens.issue();
      return reply.code(401).send(vendorError('authenticate', 'invalid_credentials', 'Access denied'));
    },
  );
  fastify.put<{ Body: { sharedSecret: string } }>('/__emulator/credentials', (request) => {
    expected.sharedSecret = request.body.sharedSecret;
    tokens.revokeAll();
    return {};
  });
}
