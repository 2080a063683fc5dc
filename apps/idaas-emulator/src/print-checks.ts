import type { PrintRequest } from './print-job.machine.js';
import type { PrinterRecord } from './printers.js';

/** What the shape of a request does not say, in the vendor's `Error`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

/** The hopper that is the exception slot. */
const EXCEPTION_SLOT = 0;
const DATA_URI = /^data:image\/(?:png|jpe?g);(?:base64,)?/i;
/** Enough of the text to hold the first bytes behind a data URI. */
const LOOKED_AT = 64;
const SIGNATURES = [Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('ffd8ff', 'hex')];

/** Why this printer does not take this print; undefined when it does. */
export function refusalOf(request: PrintRequest, { hoppers }: PrinterRecord): Refusal | undefined {
  const hopper = Object.entries(hoppersOf(request)).find(([, number]) => number < 0 || number > hoppers);
  if (hopper) return refusal(`The printer has ${hoppers} hopper(s)`, hopper[0]);
  const image = Object.entries(imagesOf(request)).find(([, data]) => !isImage(data));
  return image && refusal('The image must be JPEG or PNG', image[0]);
}

/** By where they stand in the request. */
function hoppersOf({ hopper, printerPreferences }: PrintRequest): Record<string, number> {
  return {
    hopper: hopper ?? EXCEPTION_SLOT,
    'printerPreferences.inputHopper': printerPreferences?.inputHopper ?? EXCEPTION_SLOT,
  };
}

function imagesOf({ print = {} }: PrintRequest): Record<string, string> {
  const sides = (['front', 'back'] as const).flatMap((side) =>
    (print[side] ?? []).map(({ data }, at) => [`print.${side}[${at}].data`, data]),
  );
  return Object.fromEntries(sides) as Record<string, string>;
}

function refusal(message: string, target: string): Refusal {
  return { code: 'invalid_request', message, target };
}

function isImage(data: string): boolean {
  const bytes = Buffer.from(data.slice(0, LOOKED_AT).replace(DATA_URI, ''), 'base64');
  return SIGNATURES.some((signature) => bytes.subarray(0, signature.length).equals(signature));
}
