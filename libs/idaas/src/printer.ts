import { canonicalResourceId } from '#libs/contract';

/** What the gateway reads of the vendor's `Printer` (issuance-api 5.46); the rest of it goes to nobody. */
export interface Printer {
  readonly id: string;
  readonly name?: string | undefined;
  readonly location?: string | undefined;
  readonly model?: string | undefined;
  readonly status?: string | undefined;
  readonly hoppers?: number | undefined;
  readonly ribbonRemaining?: number | undefined;
  readonly retransferRollRemaining?: number | undefined;
  readonly cardsRemaining?: number | undefined;
}

/** A printer with its id in the one spelling; undefined for what is none. */
export function readPrinter(value: unknown): Printer | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string')
    return undefined;
  return { ...value, id: canonicalResourceId(value.id) ?? value.id };
}
