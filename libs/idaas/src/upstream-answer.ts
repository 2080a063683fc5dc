import { ResourceNotFound } from '#libs/problem';
import {
  CredentialsRefused,
  UpstreamBusy,
  UpstreamFailed,
  UpstreamNonsense,
  UpstreamRefused,
} from './idaas.problems.js';
import type { UpstreamResponse } from './send.js';

const DEFAULT_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 3_600_000;
const MAX_MESSAGE_LENGTH = 500;

/** A JSON text of the upstream with what it says. Pass `text` on where digits count: int64 does not survive parsing. */
export interface JsonAnswer {
  readonly text: string;
  readonly value: unknown;
}

/** Throws the problem that a response of any other status is. */
export function requireStatus(response: UpstreamResponse, success: number): void {
  if (response.status === success) return;
  switch (response.status) {
    case 400:
      throw new UpstreamRefused(vendorError(response));
    case 401:
    case 403:
      throw new CredentialsRefused(`The upstream answered ${response.status} to the gateway.`);
    case 404:
      throw new ResourceNotFound();
    case 429:
      throw new UpstreamBusy(pauseOf(response));
    default:
      throw new UpstreamFailed(response.status);
  }
}

/** The JSON of a success. Throws `UpstreamNonsense` for HTML, half a body or anything else. */
export function readJson(response: UpstreamResponse, success: number): JsonAnswer {
  requireStatus(response, success);
  requireJsonType(response);
  try {
    return { text: response.text, value: JSON.parse(response.text) as unknown };
  } catch (error) {
    throw new UpstreamNonsense('is not JSON', error);
  }
}

/** Throws `UpstreamNonsense` for what does not call itself JSON. */
export function requireJsonType({ contentType }: UpstreamResponse): void {
  if (!/^application\/(.+\+)?json\b/i.test(contentType)) throw new UpstreamNonsense('is not JSON');
}

/** The vendor's `Error`, as far as it is there: texts only, and short. */
function vendorError(response: UpstreamResponse): { code?: string; message?: string; target?: string } {
  let said: unknown;
  try {
    said = JSON.parse(response.text);
  } catch {
    return {};
  }
  if (typeof said !== 'object' || said === null) return {};
  const names = ['code', 'message', 'target'] as const;
  const texts = names.map((name) => [name, (said as Record<string, unknown>)[name]] as const);
  const sound = texts.filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(sound.map(([name, value]) => [name, String(value).slice(0, MAX_MESSAGE_LENGTH)]));
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), kept within reason. */
function pauseOf({ retryAfter }: UpstreamResponse): number {
  if (retryAfter === undefined) return DEFAULT_PAUSE_MS;
  const milliseconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(milliseconds) ? DEFAULT_PAUSE_MS : Math.min(MAX_PAUSE_MS, Math.max(0, milliseconds));
}
