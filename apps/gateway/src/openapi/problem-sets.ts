/** Of every route: who asks is not known, or asks too often, or the gateway cannot answer. */
export const ANY_ROUTE = [
  ...['request-refused', 'invalid-token', 'sender-not-proven', 'rate-exceeded'],
  ...['headers-too-large', 'internal-error', 'introspection-unavailable', 'issuer-keys-unavailable'],
];

/** Of a route that needs a permission. */
export const NEEDS_PERMISSION = ['permission-not-granted'];

/** Of a route with a body. */
export const WITH_BODY = [
  ...['malformed-request', 'invalid-request', 'request-too-slow', 'body-too-large', 'unsupported-media-type'],
  ...['expectation-failed', 'overloaded'],
];

/** Of a route that calls the upstream. */
export const CALLS_UPSTREAM = [
  ...['upstream-refused', 'upstream-blocked', 'upstream-credentials-refused', 'upstream-failed'],
  ...['upstream-invalid-response', 'upstream-unreachable', 'upstream-busy', 'upstream-circuit-open'],
  ...['upstream-timed-out', 'gateway-busy'],
];

/** Of a route that is about one printer or one job. */
export const OF_ONE = ['invalid-request', 'not-found'];

/** Of a route that asks whose a job is, or writes it down. */
export const SHARED_STATE = ['shared-state-unavailable', 'state-full'];

/** Of a route that is done once under a key. */
export const DONE_ONCE = [
  ...['idempotency-key-expired', 'idempotency-key-reused', 'request-running', 'outcome-still-unknown'],
  ...['outcome-unknown', ...SHARED_STATE],
];
