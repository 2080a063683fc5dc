import { ResourceNotFound } from '#libs/problem';
import {
  CircuitOpen,
  CredentialsRefused,
  UpstreamBusy,
  UpstreamRefused,
  UpstreamUnreachable,
} from './idaas.problems.js';

/** A 4xx of the upstream says that it did nothing; so does a failure before anything was sent. */
const REFUSALS = [ResourceNotFound, CircuitOpen, CredentialsRefused, UpstreamBusy, UpstreamRefused];

/** Whether this failure of a call proves that the upstream did nothing. A timeout and a 5xx do not. */
export function provesNothingDone(error: unknown): boolean {
  if (error instanceof UpstreamUnreachable) return !error.sent;
  return REFUSALS.some((refusal) => error instanceof refusal);
}
