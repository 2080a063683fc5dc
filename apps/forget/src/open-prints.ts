import type { Identity } from '#libs/contract';
import { RECORD_KEYS, JOBLESS_PRINTS, submitterOf, UNFINISHED_SETTLEMENTS } from '#libs/idempotency';
import type { Desk } from './desk.js';

const MOST_LISTED = 100_000;

/** What cannot be erased yet: a key that is forgotten before the outcome of its print is known prints once more. */
export interface OpenPrints {
  /** Prints, updates and resumptions that are under way, or of which nobody knows what became. */
  readonly submissions: number;
  /** Prints that ended without a job, which may still show up, and settlements that are being written down. */
  readonly ending: number;
  /** When all of it is gone at the latest, whatever becomes of it, in milliseconds since the epoch; undefined where there is none. */
  readonly untilMs: number | undefined;
}

export async function findOpenPrints(desk: Desk): Promise<OpenPrints> {
  const claims = await openClaims(desk);
  const lists = [JOBLESS_PRINTS, UNFINISHED_SETTLEMENTS];
  const counts = await Promise.all(lists.map((list) => countNaming(desk, list)));
  const keys = [...claims, ...lists.filter((_, at) => counts[at] !== 0)];
  const left = await Promise.all(keys.map((key) => desk.inventory.leftMs(key)));
  return {
    submissions: claims.size,
    ending: counts.reduce((sum, count) => sum + count, 0),
    untilMs: keys.length === 0 ? undefined : Date.now() + Math.max(...left.map((ms) => ms ?? 0)),
  };
}

async function openClaims({ inventory, person }: Desk): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const keys of inventory.keys(RECORD_KEYS)) {
    const values = await inventory.values(keys);
    keys.forEach((key, at) => {
      const submitter = values[at] === undefined ? undefined : submitterOf(values[at]);
      if (submitter && person.is(submitter)) found.add(key);
    });
  }
  return found;
}

/** Members of both indices, as far as they name anybody. */
interface Ending {
  readonly submitter?: Identity;
  readonly event?: { readonly submitter?: Identity; readonly by: Identity | string };
}

async function countNaming({ store, person }: Desk, list: string): Promise<number> {
  const entries = await store.readIndex(list, Infinity, MOST_LISTED);
  const names = ({ member }: { member: string }) => {
    const { submitter, event } = JSON.parse(member) as Ending;
    const named = [submitter, event?.submitter, event?.by];
    return named.some((each) => typeof each === 'object' && person.is(each));
  };
  return entries.filter(names).length;
}
