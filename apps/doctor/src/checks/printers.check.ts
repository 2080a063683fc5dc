import { readPrinter, type UpstreamResponse } from '#libs/idaas';
import type { Policy } from '#libs/policy';
import { about, type Finding } from '../finding.js';

const say = about('printers');

/** Whether the printers that the policy names are those that IDaaS lists. */
export function checkPrinters({ text }: UpstreamResponse, policy: Policy | undefined): Finding[] {
  const listed = printersIn(text);
  if (!listed)
    return [
      say.failure('the list of printers is none', 'Look at what is between; report it if it is IDaaS.'),
    ];
  const unknown = [...(policy?.roles.values() ?? [])].flatMap(({ name, printers }) =>
    printers === '*' ? [] : [...printers].filter((id) => !listed.has(id)).map((id) => ({ name, id })),
  );
  if (unknown.length === 0) return [say.ok(`IDaaS lists ${listed.size}, and all that the policy names`)];
  return unknown.map(({ name, id }) =>
    say.warning(
      `the role ${name} names the printer ${id}, which IDaaS does not list`,
      'Nobody can print on it: take the id of GET /api/web/v1/printers into the policy.',
    ),
  );
}

function printersIn(text: string): ReadonlySet<string> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? new Set(value.flatMap((each) => readPrinter(each)?.id ?? [])) : undefined;
  } catch {
    return undefined;
  }
}
