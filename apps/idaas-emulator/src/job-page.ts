import { jobFilter, type SearchAttribute } from './job-filter.js';
import type { JobSequence } from './job-sequence.js';
import type { ListOffer } from './list-offer.js';
import { pageRecord } from './listed-job.js';

/** The vendor's `SearchParams` (issuance-api 5.46). */
export interface SearchParams {
  readonly cursor?: string | null;
  readonly limit?: number;
  readonly orderByAttribute?: { readonly name: string; readonly ascending?: boolean };
  readonly searchByAttributes?: readonly SearchAttribute[];
}

const DEFAULT_LIMIT = 100;
const ORDERED_BY = 'Created On';

/** What is wrong with a search. */
export class BadSearch extends Error {
  constructor(
    readonly target: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * One page of the jobs. Without an order the oldest come first, which nobody may rely on. Throws `BadSearch` for attributes that are not
 * on offer, and for a cursor of another order.
 */
export function jobPage(jobs: JobSequence, search: SearchParams, { attributes }: ListOffer) {
  const step = stepOf(search.orderByAttribute, attributes);
  const filters = (search.searchByAttributes ?? []).map((each) => {
    const filter = attributes.includes(each.name) ? jobFilter(each) : undefined;
    if (!filter) throw new BadSearch('searchByAttributes', `Cannot search by ${each.name}`);
    return filter;
  });
  const limit = search.limit ?? DEFAULT_LIMIT;
  const printJobs: object[] = [];
  let position = startOf(search.cursor, step, jobs.length);
  for (; printJobs.length < limit && isWithin(position, jobs); position += step) {
    const job = jobs.at(position);
    if (job && filters.every((matches) => matches(job))) printJobs.push(pageRecord(job, position + 1));
  }
  return {
    printJobs,
    paging: { limit, ...(isWithin(position, jobs) && { nextCursor: cursor(position, step) }) },
  };
}

function stepOf(order: SearchParams['orderByAttribute'], attributes: readonly string[]): 1 | -1 {
  if (order && (order.name !== ORDERED_BY || !attributes.includes(order.name)))
    throw new BadSearch('orderByAttribute', `Cannot order by ${order.name}`);
  return order?.ascending === false ? -1 : 1;
}

function isWithin(position: number, { length }: JobSequence): boolean {
  return position >= 0 && position < length;
}

/** Names a place, not a count of jobs: what is printed meanwhile shifts nothing. */
function cursor(position: number, step: 1 | -1): string {
  return Buffer.from(`${step}:${position}`).toString('base64url');
}

function startOf(text: string | null | undefined, step: 1 | -1, length: number): number {
  if (typeof text !== 'string') return step === 1 ? 0 : length - 1;
  const [, direction, position] = /^(1|-1):(\d+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (Number(direction) !== step) throw new BadSearch('cursor', 'The cursor is none of this search');
  return Number(position);
}
