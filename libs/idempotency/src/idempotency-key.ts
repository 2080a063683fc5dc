const BARE = /^[\x21-\x7e]{1,255}$/;
const STRUCTURED = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;

declare const brand: unique symbol;

/** A caller's own name for one request (draft-ietf-httpapi-idempotency-key-header). */
export type IdempotencyKey = string & { readonly [brand]: 'IdempotencyKey' };

export const IdempotencyKey = {
  /** From the header's text, as a structured-field string (RFC 8941 §3.3.3) or bare; undefined when it is neither. */
  parse(text: string): IdempotencyKey | undefined {
    const quoted = STRUCTURED.exec(text)?.[1];
    if (quoted !== undefined) return quoted.replace(/\\(["\\])/g, '$1') as IdempotencyKey;
    return BARE.test(text) && !text.startsWith('"') ? (text as IdempotencyKey) : undefined;
  },
};
