/** The command line makes no sense; the message says what would. */
export class UsageFault extends Error {}

export const USAGE = `Usage:
  policy check FILE
      Reads a policy as the gateway does, and lists its faults.

  policy explain FILE --roles NAME[,NAME…] --operation OPERATION [options]
  policy explain FILE --token TOKEN        --operation OPERATION [options]
      Says which role allows a request, or why each one does not. A TOKEN is verified
      as the gateway does it, which may fetch the issuer's keys; \`-\` reads it from standard input.

Operations:
  print          --printer ID [--features print,magstripe,smartcard] [--copies N] [--blank] [--no-key]
  status         --job own|tenant|other|unknown [--printer ID]
  update         --job own|tenant|other|unknown [--printer ID] [--features smartcard]
  resume         --job own|tenant|other|unknown [--printer ID]
  cancel         --job own|tenant|other|unknown [--printer ID]
  list           [--scope own|tenant|any]
  unknown-prints [--printer ID]
  settle         [--printer ID]
  printer        --printer ID
  printers
  counts
The vendor's names (getPrintStatus, updatePrint, …) are understood too. --job says whose the job is: the
caller's own, one of the tenant, another's, or one that the gateway does not know; --printer is where it was printed.

Exit codes: 0 valid or allowed, 1 faulty or refused, 2 wrong usage.`;
