import { canonicalResourceId } from './resource-id.js';

declare const brand: unique symbol;

/** The id of a printer; a bare string cannot be passed where one belongs. */
export type PrinterId = string & { readonly [brand]: 'PrinterId' };

export const PrinterId = {
  /** The id in its one spelling, or undefined when the text is no id. */
  parse(text: unknown): PrinterId | undefined {
    return canonicalResourceId(text) as PrinterId | undefined;
  },
};
