import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, onRequestAsyncHookHandler } from 'fastify';
import { BadSearch, jobPage, type SearchParams } from './job-page.js';
import type { JobSequence } from './job-sequence.js';
import type { List, ListOffer } from './list-offer.js';
import { wholeListEntry } from './listed-job.js';
import { searchBody } from './schemas.js';

interface Parts {
  /** The jobs as they are now. */
  readonly jobs: () => JobSequence;
  readonly offer: ListOffer;
  readonly onRequest: onRequestAsyncHookHandler;
}

/** A list of more entries than that is sent in pieces of so many, and never held as one text. */
const PIECE_ENTRIES = 1_000;

/** The vendor's two lists of print jobs. */
export function listsRoutes(fastify: FastifyInstance, { jobs, offer, onRequest }: Parts): void {
  const offers = (list: List) => offer.lists.includes(list);

  fastify.get(
    '/api/web/v1/prints',
    { onRequest, config: { operation: 'getPrintJobs' } },
    (_request, reply) => (offers('whole') ? sendWhole(reply, jobs()) : notOffered(reply)),
  );

  fastify.post<{ Body: SearchParams }>(
    '/api/web/v2/prints/paginated',
    { onRequest, schema: { body: searchBody }, config: { operation: 'getPaginatedPrintJobsV2' } },
    (request, reply) => (offers('pages') ? sendPage(reply, jobs(), request.body, offer) : notOffered(reply)),
  );
}

function sendWhole(reply: FastifyReply, jobs: JobSequence) {
  if (jobs.length <= PIECE_ENTRIES) return reply.send(entriesFrom(0, jobs));
  return reply.type('application/json').send(Readable.from(piecesOf(jobs), { objectMode: false }));
}

function* piecesOf(jobs: JobSequence): Generator<string> {
  yield '[';
  for (let from = 0; from < jobs.length; from += PIECE_ENTRIES) {
    const piece = JSON.stringify(entriesFrom(from, jobs)).slice(1, -1);
    yield from === 0 ? piece : `,${piece}`;
  }
  yield ']';
}

function entriesFrom(from: number, jobs: JobSequence): object[] {
  const entries: object[] = [];
  for (let at = from; at < Math.min(jobs.length, from + PIECE_ENTRIES); at += 1) {
    const job = jobs.at(at);
    if (job) entries.push(wholeListEntry(job));
  }
  return entries;
}

function sendPage(reply: FastifyReply, jobs: JobSequence, search: SearchParams, offer: ListOffer) {
  try {
    return reply.send(jobPage(jobs, search, offer));
  } catch (error) {
    if (!(error instanceof BadSearch)) throw error;
    const { message, target } = error;
    return reply.code(400).send({ code: 'invalid_parameter', message, target });
  }
}

function notOffered(reply: FastifyReply) {
  return reply.code(404).send({ code: 'not_found', message: 'No such path' });
}
