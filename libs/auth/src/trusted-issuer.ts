import type { ClaimPath } from './claim-path.js';
import type { ClaimRule } from './claim-rule.js';
import type { IntrospectionSource } from './introspection-request.js';
import type { RequiredClaim } from './required-claims.js';

/** Keys that the issuer publishes. `allowHttp`: whether plain http may be used to hosts that are not this machine. */
export type RemoteKeySource =
  | { readonly kind: 'jwks'; readonly uri: string; readonly allowHttp: boolean }
  | { readonly kind: 'discovery'; readonly issuer: string; readonly allowHttp: boolean };

/** Where an issuer's keys come from: exactly one of these. */
export type KeySource =
  | RemoteKeySource
  | { readonly kind: 'public-key'; readonly file: string; readonly pem: string }
  /** It has none: it is asked about each of its tokens. */
  | { readonly kind: 'introspection' }
  | { readonly kind: 'secret'; readonly file: string; readonly secret: Uint8Array };

/** Where in the token each fact stands. */
export interface IssuerClaims {
  readonly audience: ClaimPath;
  readonly subject: ClaimRule;
  readonly tenant: ClaimRule | undefined;
  /** Undefined: by the usual claims, where one of them is there. */
  readonly client: ClaimRule | undefined;
  readonly roles: readonly ClaimRule[];
}

/** An issuer whose access tokens are accepted, as the policy file describes it. */
export interface TrustedIssuer {
  /** Compared exactly with the token's `iss` (RFC 8725 §3.8). */
  readonly issuer: string;
  /** Whether it is one of a template of the policy: one tenant of several, whose names are nobody's business. */
  readonly isOfTemplate: boolean;
  /** One of these must stand in the claim for the audience. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly string[];
  readonly keySource: KeySource;
  /** How it is asked about tokens that only it can read; undefined where it is not. */
  readonly introspection: IntrospectionSource | undefined;
  readonly claims: IssuerClaims;
  /** Whether its tokens must be bound to a key, or to a certificate. */
  readonly sender: { readonly dpop: boolean; readonly certificate: boolean };
  readonly requiredClaims: readonly RequiredClaim[];
  /** Whether a `nonce` marks an ID token. Where its issuer puts one into access tokens too, something else must mark these. */
  readonly nonce: 'refused' | 'with-mark' | 'allowed';
  /** The issuer's role names to the policy's; a name that is not listed stays as it is. */
  readonly roleMapping: ReadonlyMap<string, string>;
}
