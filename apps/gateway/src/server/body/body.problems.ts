import { InvalidRequest, MalformedRequest, Problem, retryAfter, type ProblemKind } from '#libs/problem';
import { pathText, type JsonPath } from './json-path.js';

const RETRY_MS = 2_000;
/** What is wrong with a long string that cannot be an image, whatever else it is. */
export const NO_BASE64 = 'must be base64, bare or as a data URI';

/** More bodies are under way than there is memory for. Nothing was read, or what was read is forgotten; nothing was sent. */
export class Overloaded extends Problem {
  static readonly kind: ProblemKind = {
    name: 'overloaded',
    status: 503,
    title: 'The gateway is overloaded',
    meaning:
      'The bodies under way hold all of `BODY_MEMORY_BYTES`, or yours, or those of your tenant, hold all that they may; or this upload was slow, and others needed its share. Nothing was printed; send the request again after `Retry-After`.',
  };

  constructor() {
    super(Overloaded.kind, {
      detail: 'There is no memory for this body now. Nothing was printed.',
      headers: retryAfter(RETRY_MS),
    });
  }
}

/** The connection closed before all of the body had come. */
export function brokenOff(cause?: Error): MalformedRequest {
  return new MalformedRequest({ detail: 'The body was broken off.', cause });
}

/** One rule is broken, at this place; the rest of the body was not looked at. */
export function invalidAt(path: JsonPath, message: string): InvalidRequest {
  return new InvalidRequest([{ path: pathText(path), message }]);
}

export function notBase64(path: JsonPath): InvalidRequest {
  return invalidAt(path, NO_BASE64);
}
