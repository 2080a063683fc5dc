import type { Request } from './load.js';
import type { Holder } from './world.js';

const API = '/api/web/v1';
/** Enough that no order of requests repeats within what a cache of the processor holds. */
const MIXED = 20_000;

const statusPath = (job: string) => `${API}/printers/print/${job}`;

const bearer = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` });

/** Each user reads jobs of the own tenant, in no order. */
export function statusReads(holders: readonly Holder[], jobs: readonly string[][], count = MIXED): Request[] {
  return Array.from({ length: count }, (_, turn) => {
    const holder = holders[(turn * 7) % holders.length] as Holder;
    const own = jobs[holder.tenant] as string[];
    const turned = turn * 31 + Math.floor(turn / own.length);
    return read(holder, statusPath(own[turned % own.length] as string));
  });
}

/** Each job once, by a user of its tenant. */
export function eachStatusOnce(holders: readonly Holder[], jobs: readonly string[][]): Request[] {
  return jobs.flatMap((own, tenant) => {
    const holder = holders.find((each) => each.tenant === tenant) as Holder;
    return own.map((job) => read(holder, statusPath(job)));
  });
}

export function countReads(holders: readonly Holder[]): Request[] {
  return holders.map((holder) => read(holder, `${API}/printcounts`));
}

export function statusReadsWith(tokens: readonly string[], job: string): Request[] {
  return tokens.map((token) => read({ token }, statusPath(job)));
}

/** At each of these printers once, by each user in turn. */
export function prints(holders: readonly Holder[], printers: readonly string[], body: string): Request[] {
  return printers.map((printer, turn) => ({
    method: 'POST',
    path: `${API}/printers/${printer}/print`,
    headers: { ...bearer(holders[turn % holders.length] as Holder), 'content-type': 'application/json' },
    body,
  }));
}

export function withHeaders(
  requests: readonly Request[],
  headers: Readonly<Record<string, string>>,
): Request[] {
  return requests.map((request) => ({ ...request, headers: { ...request.headers, ...headers } }));
}

function read(holder: { token: string }, path: string): Request {
  return { method: 'GET', path, headers: bearer(holder) };
}
