import { ResourceNotFound, type Problem } from '#libs/problem';
import {
  CredentialsRefused,
  UpstreamBlocked,
  UpstreamBodyTooLarge,
  UpstreamBusy,
  UpstreamFailed,
  UpstreamInvalidResponse,
  UpstreamRefused,
} from './idaas.problems.js';
import { parseHttpDate } from './http-date.js';
import type { UpstreamResponse } from './send.js';
import { vendorError, vendorFailure } from './vendor-error.js';

const DEFAULT_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 3_600_000;

/** A JSON text of the upstream with what it says. Pass `text` on where digits count: int64 does not survive parsing. */
export interface JsonAnswer {
  readonly text: string;
  readonly value: unknown;
}

/** What it is to send a request again that failed upstream: a caller is not asked to repeat a print that may have been done. */
type Repeat = 'is harmless' | 'may be harmful';

interface ObjectAnswer extends JsonAnswer {
  readonly value: Readonly<Record<string, unknown>>;
}

/** Throws the problem that a response of any other status is. */
export function requireStatus(response: UpstreamResponse, success: number): void {
  if (response.status !== success) throw problemOf(response, 'is harmless');
}

/**
 * Of what changes something: any 2xx says that it was done (RFC 9110 §15.3), whatever else it says. Throws `UpstreamInvalidResponse` for a page
 * with such a status, which is somebody else's.
 */
export function requireDone(response: UpstreamResponse, repeat: Repeat = 'may be harmful'): void {
  if (!isSuccess(response.status)) throw problemOf(response, repeat);
  if (isPage(response)) throw new UpstreamInvalidResponse('is a web page');
}

/** What a 2xx says in JSON, whatever it calls itself. Throws `UpstreamInvalidResponse` where it is none. */
export function readDone(response: UpstreamResponse): unknown {
  if (!isSuccess(response.status)) throw problemOf(response, 'may be harmful');
  return parse(response.text);
}

/** The JSON of a success. Throws `UpstreamInvalidResponse` for HTML, half a body or anything else. */
export function readJson(response: UpstreamResponse, success: number): JsonAnswer {
  requireStatus(response, success);
  requireJsonType(response);
  return { text: response.text, value: parse(response.text) };
}

/** The JSON of a success that is an object. Throws `UpstreamInvalidResponse` for any other. */
export function readObject(response: UpstreamResponse): ObjectAnswer {
  const { text, value } = readJson(response, 200);
  if (!isObject(value)) throw new UpstreamInvalidResponse('is not a JSON object');
  return { text, value };
}

/** Throws `UpstreamFailed` for a 404 about what is there in any case, and is no job and no printer. */
export function requireThere(response: UpstreamResponse): void {
  if (response.status === 404 && !isPage(response)) throw new UpstreamFailed(404, vendorFailure(response));
}

/** Throws `UpstreamInvalidResponse` for what does not call itself JSON. */
export function requireJsonType({ contentType }: UpstreamResponse): void {
  if (!/^application\/(.+\+)?json\b/i.test(contentType)) throw new UpstreamInvalidResponse('is not JSON');
}

/** Whether a 4xx is not in the upstream's form but a page for people, which firewalls and proxies show. The 401 of a page counts as any. */
export function isRefusedBefore(response: UpstreamResponse): boolean {
  const { status } = response;
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && isPage(response);
}

function isPage({ contentType, text }: UpstreamResponse): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(contentType) || /^\s*<(!doctype|html)\b/i.test(text);
}

function problemOf(response: UpstreamResponse, repeat: Repeat): Problem {
  const { status } = response;
  if (status === 413) return new UpstreamBodyTooLarge();
  if (status === 429) return new UpstreamBusy(pauseOf(response) ?? DEFAULT_PAUSE_MS);
  if (isRefusedBefore(response)) return new UpstreamBlocked(status);
  switch (status) {
    case 400:
      return new UpstreamRefused(vendorError(response));
    case 401:
    case 403:
      return new CredentialsRefused(`The upstream answered ${status} to the gateway.`);
    case 404:
      return new ResourceNotFound();
    default:
      return new UpstreamFailed(
        status,
        vendorFailure(response),
        repeat === 'is harmless' ? pauseOf(response) : undefined,
      );
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UpstreamInvalidResponse('is not JSON', error);
  }
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), kept within reason; undefined where it says nothing. */
export function pauseOf({ retryAfter, date }: UpstreamResponse): number | undefined {
  if (retryAfter === undefined) return undefined;
  // A date by the clock of who wrote it.
  const milliseconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - (parseHttpDate(date) ?? Date.now());
  return Number.isNaN(milliseconds) ? undefined : Math.min(MAX_PAUSE_MS, Math.max(0, milliseconds));
}
