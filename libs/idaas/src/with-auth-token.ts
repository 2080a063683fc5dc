import type { AuthTokenService } from './auth-token.service.js';
import { AuthTokenRefused, CredentialsRefused } from './idaas.problems.js';
import type { Layer } from './send.js';

/**
 * Puts the auth token in. The upstream's 401 says that nothing was done, so after one renewal the request goes out once more; but what
 * must not be done twice is left to who sends it, who can find out (`AuthTokenRefused`, whether or not another token could be had). A second 401 is a fault of our credentials, never
 * of the caller's token.
 */
export function withAuthToken(tokens: AuthTokenService): Layer {
  return (next) => async (request) => {
    const token = await tokens.current(request.deadline);
    const response = await next({ authToken: token, ...request });
    if (response.status !== 401) {
      if (request.isResentByCaller) tokens.renewalHelped();
      return response;
    }
    const renewing = tokens.renewedAfterRefusal(token, request.deadline);
    if (request.isResentByCaller) {
      await renewing.catch(() => {});
      throw new AuthTokenRefused();
    }
    const renewed = await renewing;
    const second = await next({ authToken: renewed, ...request });
    if (second.status === 401) throw new CredentialsRefused('The upstream refuses a fresh auth token.');
    tokens.renewalHelped();
    return second;
  };
}
