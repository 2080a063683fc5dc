/** The command line makes no sense; the message says what would. */
export class UsageFault extends Error {}

export const USAGE = `Usage:
  forget --issuer ISSUER --subject SUBJECT [--tenant TENANT] [--erase]
      Says what Redis holds of one person, and with --erase takes it away. ISSUER and SUBJECT are what the
      person's access tokens say (iss, and the claim that the policy names as the subject), TENANT likewise;
      without it the person is meant in every tenant. REDIS_URL, REDIS_KEY_PREFIX and the other settings of
      Redis and the audit are those of the gateways.

Exit codes: 0 nothing of the person is left, or (without --erase) nothing was erased; 1 it failed, and can be run again;
2 wrong usage; 3 something stays, because a print is under way or its outcome is not known: run it again later.`;
