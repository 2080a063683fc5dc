import { STATUS_CODES } from 'node:http';
import { Problem, type ProblemKind, type ProblemOptions } from './problem.js';

export class MalformedRequest extends Problem {
  static readonly kind: ProblemKind = {
    name: 'malformed-request',
    status: 400,
    title: 'The request is malformed',
    meaning:
      'The body is not JSON, the address cannot be read, or a header stands twice that may stand once.',
  };

  constructor(options: ProblemOptions) {
    super(MalformedRequest.kind, options);
  }
}

export class RouteNotFound extends Problem {
  static readonly kind: ProblemKind = {
    name: 'route-not-found',
    status: 404,
    title: 'There is nothing at this address',
    meaning: 'No operation has this path.',
  };

  constructor() {
    super(RouteNotFound.kind, { detail: 'No operation has this path; the README lists them all.' });
  }
}

/** One answer for what is not there and for what is not the caller's to see: the two cannot be told apart. */
export class ResourceNotFound extends Problem {
  static readonly kind: ProblemKind = {
    name: 'not-found',
    status: 404,
    title: 'There is no such job or printer',
    meaning: 'The job or printer is unknown, or not yours to see: the two cannot be told apart.',
  };

  constructor() {
    super(ResourceNotFound.kind, { detail: 'The id names no job or printer that you can see.' });
  }
}

export class MethodNotAllowed extends Problem {
  static readonly kind: ProblemKind = {
    name: 'method-not-allowed',
    status: 405,
    title: 'The method is not allowed here',
    meaning: 'The path exists, but not with this method; `Allow` lists those that do.',
  };

  constructor(allowed: readonly string[]) {
    const allow = allowed.join(', ');
    super(MethodNotAllowed.kind, { detail: `This path answers ${allow}.`, headers: { allow } });
  }
}

/** The caller wanted it for one state of a thing (`If-Match`, RFC 9110 §13.1.1), which is in another now. */
export class PreconditionFailed extends Problem {
  static readonly kind: ProblemKind = {
    name: 'precondition-failed',
    status: 412,
    title: 'The status is another one now',
    meaning:
      '`If-Match` names another state than the present one: nothing was done. Read the status, and decide anew.',
  };

  constructor() {
    super(PreconditionFailed.kind, {
      detail: 'If-Match names another state than the present one.',
      target: 'If-Match',
    });
  }
}

export class BodyTooLarge extends Problem {
  static readonly kind: ProblemKind = {
    name: 'body-too-large',
    status: 413,
    title: 'The body is too large',
    meaning:
      'The body is longer than `BODY_LIMIT_BYTES`, or without its images longer than `BODY_LIMIT_WITHOUT_IMAGES_BYTES`.',
  };

  /** `detail` says which bound it is over. */
  constructor(detail: string) {
    super(BodyTooLarge.kind, { detail });
  }
}

export class UnsupportedMediaType extends Problem {
  static readonly kind: ProblemKind = {
    name: 'unsupported-media-type',
    status: 415,
    title: 'The media type is not supported',
    meaning: 'A body is sent as `application/json` in UTF-8, without `Content-Encoding`.',
  };

  constructor(detail = 'Send the body as application/json.', headers: Readonly<Record<string, string>> = {}) {
    super(UnsupportedMediaType.kind, { detail, headers });
  }
}

export class ExpectationFailed extends Problem {
  static readonly kind: ProblemKind = {
    name: 'expectation-failed',
    status: 417,
    title: 'The expectation cannot be met',
    meaning: 'Of `Expect` only `100-continue` is understood (RFC 9110 §10.1.1).',
  };

  constructor() {
    super(ExpectationFailed.kind, {
      detail: 'Leave Expect out, or send Expect: 100-continue.',
      target: 'Expect',
    });
  }
}

export class RequestTooSlow extends Problem {
  static readonly kind: ProblemKind = {
    name: 'request-too-slow',
    status: 408,
    title: 'The request came too slowly',
    meaning: 'Headers or body were not complete in time. Nothing was done; send the request again.',
  };

  constructor() {
    super(RequestTooSlow.kind, { detail: 'The request was not complete in time.' });
  }
}

export class HeadersTooLarge extends Problem {
  static readonly kind: ProblemKind = {
    name: 'headers-too-large',
    status: 431,
    title: 'The headers are too large',
    meaning:
      'The header lines are too many, or longer together than `MAX_HEADER_BYTES`, or the access token is longer than `AUTH_MAX_TOKEN_BYTES` (RFC 6585 §5).',
  };

  constructor(detail = 'Send fewer or shorter header lines.') {
    super(HeadersTooLarge.kind, { detail });
  }
}

/** What the HTTP framework refuses for a reason that nothing else here knows; the status is the framework's. */
export class RefusedByFramework extends Problem {
  static readonly kind: ProblemKind = {
    name: 'request-refused',
    status: 400,
    title: 'The request cannot be served',
    meaning:
      'HTTP itself forbids the request, or it goes beyond a bound; `status` says which (RFC 9110 §15.5).',
  };

  constructor(status: number, cause: unknown) {
    super({ ...RefusedByFramework.kind, status }, { detail: `${STATUS_CODES[status] ?? 'Refused'}.`, cause });
  }
}

export class InternalError extends Problem {
  static readonly kind: ProblemKind = {
    name: 'internal-error',
    status: 500,
    title: 'The gateway failed',
    meaning: 'A fault of the gateway itself; the log names it under the `requestId`.',
  };

  constructor(cause: unknown) {
    super(InternalError.kind, { detail: 'The fault was logged under this requestId.', cause });
  }
}
