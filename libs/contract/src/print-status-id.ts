import { canonicalResourceId } from './resource-id.js';

declare const brand: unique symbol;

/** The id of a print job, as the print operation returns it. */
export type PrintStatusId = string & { readonly [brand]: 'PrintStatusId' };

export const PrintStatusId = {
  /** The id in its one spelling, or undefined when the text is no id. */
  parse(text: unknown): PrintStatusId | undefined {
    return canonicalResourceId(text) as PrintStatusId | undefined;
  },
};
