/** The command line makes no sense; the message says what would. */
export class UsageFault extends Error {}

export const USAGE = `Usage: doctor [--json] [--timeout SECONDS]

Looks whether this installation is sound: its settings, policy and credentials, the way to IDaaS and what the
application may do there, the keys of each issuer, Redis. Give it the environment of the gateway.
It reads. It sends nothing that could print, change or cancel anything; in Redis it writes a few keys of its own,
which are gone after ten seconds. No secret is printed.

  --json             the findings as JSON
  --timeout SECONDS  how long each check may take, 1 to 300; 10 when left out

Exit codes: 0 sound, perhaps with warnings; 1 there is a failure; 2 wrong usage.`;
