import { canonicalResourceId } from '#libs/contract';

/** What the gateway reads of the vendor's `Printer` (issuance-api 5.46); the rest of it goes to nobody. */
export interface Printer {
  readonly id: string;
  readonly name?: string;
  readonly location?: string;
  readonly model?: string;
  readonly status?: string;
  readonly hoppers?: number;
  readonly ribbonRemaining?: number;
  readonly retransferRollRemaining?: number;
  readonly cardsRemaining?: number;
}

/** A printer with its id in the one spelling; undefined for what is none. */
export function readPrinter(value: unknown): Printer | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string')
    return undefined;
  return { ...value, id: canonicalResourceId(value.id) ?? value.id };
}
