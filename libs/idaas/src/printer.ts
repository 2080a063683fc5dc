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

export function isPrinter(value: unknown): value is Printer {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
