export { AuthConfig } from './auth.config.js';
export { AuthModule } from './auth.module.js';
export type { AuthenticatedRequest } from './authenticated-request.js';
export { keyAddressFault } from './key-address.js';
export { keyMisfit, keyWeakness } from './key-requirements.js';
export type { Principal } from './principal.js';
export type { KeySource, TrustedIssuer } from './trusted-issuer.js';
export { TokenAuthenticator } from './token-authenticator.js';
export { TrustedIssuers } from './trusted-issuers.js';
