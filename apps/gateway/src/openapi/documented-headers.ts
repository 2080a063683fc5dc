const TEXT = { type: 'string' } as const;

/** What the headers of responses say. */
const RESPONSE_HEADERS = {
  ETag: 'Names this answer; send it as If-None-Match.',
  Age: 'Seconds since the upstream said it.',
  'Cache-Control':
    '`private, no-cache`: a copy is used only after a 304; `private, no-store` where the gateway keeps none either.',
  'Cache-Status': 'How the answer came about (RFC 9211).',
  'Idempotency-Replayed': '`true` when this is the answer of before.',
} as const;

/** Response headers for `@ApiResponse`. */
export function documentedHeaders(...names: readonly (keyof typeof RESPONSE_HEADERS)[]) {
  return Object.fromEntries(
    names.map((name) => [name, { description: RESPONSE_HEADERS[name], schema: TEXT }]),
  );
}
