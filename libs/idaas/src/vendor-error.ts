import { OWN_CODES } from '#libs/problem';
import type { UpstreamResponse } from './send.js';

const MAX_LENGTH = 500;
/** Before a code of the upstream that the gateway has for something of its own: none of the gateway's holds a colon. */
const NAMESAKE = 'idaas:';
/** An address, a name with dots as classes and hosts have it, or what stands in lines: no words for whoever prints a card. */
const INTERNAL = /:\/\/|\w\.\w+\.\w|[\r\n]/;

/** What the upstream says of a failure: the texts of the vendor's `Error`, as far as they are there. */
export interface VendorError {
  readonly code?: string;
  readonly message?: string;
  readonly target?: string;
}

/** Texts only, no empty ones, and short. */
export function vendorError({ text }: UpstreamResponse): VendorError {
  const said = parsed(text);
  const { code, message, target } = said;
  return {
    ...(isText(code) && { code: ofItsOwn(code.slice(0, MAX_LENGTH)) }),
    ...(isText(message) && { message: message.slice(0, MAX_LENGTH) }),
    ...(isText(target) && { target: target.slice(0, MAX_LENGTH) }),
  };
}

/** Of a failure of the upstream's own, whose texts may say how the upstream is made: those are left out. */
export function vendorFailure(response: UpstreamResponse): VendorError {
  const texts = Object.entries(vendorError(response)) as [string, string][];
  return Object.fromEntries(texts.filter(([, text]) => !INTERNAL.test(text)));
}

function parsed(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** `code` of an answer says one thing only. */
function ofItsOwn(code: string): string {
  return OWN_CODES.has(code) ? NAMESAKE + code : code;
}
