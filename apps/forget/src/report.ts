import type { Erased } from './erasure.js';
import type { ForgetOptions } from './options.js';

/** What was found, and what became of it, for the person at the terminal. */
export function report({ sought, erases }: ForgetOptions, { jobs, events, counters, open }: Erased): string {
  const { issuer, subject, tenant } = sought;
  const who = `${subject} (issuer ${issuer}, ${tenant === undefined ? 'any tenant' : `tenant ${tenant}`})`;
  return [
    erases ? `Erased what Redis held of ${who}:` : `Redis holds of ${who}:`,
    `  jobs: ${jobs}, whose records keep their printer and time, with their cached statuses`,
    `  audit events: ${events}`,
    `  counters of cards and requests: ${counters}`,
    ...openLines(open),
    ...(erases ? [] : ['Nothing was erased: --erase does it.']),
    ...(jobs + events + counters === 0 ? [HINT] : []),
  ].join('\n');
}

const HINT =
  'Where that is a surprise: issuer and subject are compared letter by letter with those of the access tokens.';

function openLines({ submissions, untilMs, ending }: Erased['open']): string[] {
  if (untilMs === undefined) return [];
  const until = `until ${new Date(untilMs).toISOString()} at the latest`;
  return [
    ...(submissions === 0
      ? []
      : [
          `  Stays: ${submissions} request(s) under way or of unknown outcome, ${until}. Their keys would print again: settle`,
          '  them first (GET /api/gateway/v1/unknown-prints), then run this once more.',
        ]),
    ...(ending === 0
      ? []
      : [`  Stays: ${ending} print(s) whose job may still show up, ${until}. Run this once more then.`]),
  ];
}
