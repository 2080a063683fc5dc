import type { JWK } from 'jose';
import Provider, { errors, type Configuration, type ResourceServer } from 'oidc-provider';
import type { Settings } from './settings.js';
import { PARTNERS, USERS, type Identity } from './users.js';

/** What access tokens are for. The provider issues them as JWTs (RFC 9068) only for a resource (RFC 8707). */
const RESOURCES = new Map<string, 'RS256' | 'ES256'>([
  ['urn:print-gateway', 'RS256'],
  ['urn:print-gateway:es256', 'ES256'],
]);
const DEFAULT_RESOURCE = 'urn:print-gateway';
const AUDIENCE = 'print-gateway';

/** A grant for demos and tests alone: a token for a user without a page to log in on. */
const DEV_LOGIN = 'urn:idaas-print-gateway:dev-login';

/** An OpenID provider with the demo's users and clients, signing with these keys. */
export function createProvider(settings: Settings, keys: readonly JWK[]): Provider {
  const provider = new Provider(settings.issuer, configuration(settings, keys));
  provider.registerGrantType<{ username?: string; resource?: string }>(
    DEV_LOGIN,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const { username = '', resource = DEFAULT_RESOURCE } = params;
      if (!USERS.has(username)) throw new errors.InvalidGrant(`unknown user ${username}`);
      const token = new provider.AccessToken({ accountId: username, client, gty: DEV_LOGIN } as never);
      token.resourceServer = new provider.ResourceServer(resource, resourceServer(resource, settings));
      ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration };
    },
    ['username', 'resource'],
  );
  return provider;
}

function configuration(settings: Settings, keys: readonly JWK[]): Configuration {
  return {
    jwks: { keys: [...keys] as never[] },
    clients: [page(), ...partners()],
    scopes: ['openid', 'offline_access', 'print'],
    claims: { openid: ['sub'] },
    ttl: { AccessToken: settings.accessTokenTtlSeconds, ClientCredentials: settings.accessTokenTtlSeconds },
    cookies: { keys: ['development only'] },
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => DEFAULT_RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => resourceServer(resource, settings),
      },
    },
    findAccount: (_ctx, id) => (USERS.has(id) ? { accountId: id, claims: () => ({ sub: id }) } : undefined),
    extraTokenClaims: (_ctx, token) => claimsOf(identityOf(token)),
  };
}

function resourceServer(resource: string, settings: Settings): ResourceServer {
  const alg = RESOURCES.get(resource);
  if (!alg) throw new errors.InvalidTarget();
  return {
    audience: AUDIENCE,
    scope: 'print',
    accessTokenFormat: 'jwt',
    accessTokenTTL: settings.accessTokenTtlSeconds,
    jwt: { sign: { alg } },
  };
}

/** A page of the demo, logging in with authorization code and PKCE. */
function page() {
  return {
    client_id: 'demo-page',
    token_endpoint_auth_method: 'none' as const,
    grant_types: ['authorization_code', DEV_LOGIN],
    response_types: ['code' as const],
    redirect_uris: ['http://localhost:3000/console/', 'http://localhost:5173/'],
  };
}

function partners() {
  return [...PARTNERS].map(([client_id, { secret }]) => ({
    client_id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  }));
}

function identityOf(token: { clientId?: string | undefined; accountId?: string }): Identity | undefined {
  return USERS.get(token.accountId ?? '') ?? PARTNERS.get(token.clientId ?? '');
}

function claimsOf(identity: Identity | undefined) {
  return identity && { roles: identity.roles, tid: identity.tenant };
}
