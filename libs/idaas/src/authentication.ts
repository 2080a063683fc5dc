import type { Credentials } from './credentials.js';
import type { UpstreamRequest } from './send.js';

/** Asks for an auth token (issuance-api 5.46, `AdminApiAuthentication`). */
export function authenticationWith(credentials: Credentials, timeoutMs: number): UpstreamRequest {
  const { applicationId, sharedSecret } = credentials;
  return {
    operation: 'authenticate',
    method: 'POST',
    path: '/api/web/v1/adminapi/authenticate',
    body: JSON.stringify({ applicationId, sharedSecret: sharedSecret.reveal() }),
    timeoutMs,
  };
}
