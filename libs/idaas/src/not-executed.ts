import { ResourceNotFound } from '#libs/problem';
import {
  CircuitOpen,
  CredentialsRefused,
  UpstreamBlocked,
  UpstreamBodyTooLarge,
  UpstreamBusy,
  UpstreamFailed,
  UpstreamRefused,
  UpstreamUnreachable,
} from './idaas.problems.js';

/** A 4xx of the upstream says that it did nothing; so does a failure before anything was sent. */
const REFUSALS = [
  ...[ResourceNotFound, CircuitOpen, CredentialsRefused],
  ...[UpstreamBlocked, UpstreamBodyTooLarge, UpstreamBusy, UpstreamRefused],
];
const REQUEST_TIMEOUT = 408;

/** Whether this failure of a call proves that the upstream did nothing. A timeout and a 5xx do not. */
export function isNotExecuted(error: unknown): boolean {
  if (error instanceof UpstreamUnreachable) return !error.sent;
  if (error instanceof UpstreamFailed) return isRefusal(error.upstreamStatus);
  return REFUSALS.some((refusal) => error instanceof refusal);
}

/**
 * A redirect asks for it to be sent elsewhere, and is not followed; a 4xx says that it will not be done (RFC 9110 §15.4, §15.5). A 408 is
 * sent by what stands before the upstream as well, which may have handed the request on.
 */
function isRefusal(status: number): boolean {
  return status >= 300 && status < 500 && status !== REQUEST_TIMEOUT;
}
