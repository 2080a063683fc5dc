import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrintStatusId } from '#libs/contract';
import { JobRegistry } from '#libs/jobs';
import { jobsCoveredFor, type Caller } from '#libs/policy';
import { beginStreamingResponse } from '../server/response/streaming-response.js';
import { isFinalEvent, type StatusEvent } from '../status/status.event.js';
import { StayingCallers } from '../status/staying-callers.js';
import { StatusWatcher } from '../status/status.watcher.js';
import { EventStream } from './event-stream.js';
import { Followers } from './followers.js';
import { JobFollower } from './job-follower.js';

const NO_CONTENT = 204;
/** A timer cannot be set for longer (Node, `setTimeout`). */
const LONGEST_TIMER_MS = 2_147_483_647;
const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Nginx and its kin would keep events back until their buffer is full.
  'x-accel-buffering': 'no',
  // A connection that is kept after its stream has ended would keep a gateway from stopping.
  connection: 'close',
};

/** Lets a caller follow a job: an event for each state, until the job is final or the caller's token ends. */
@Injectable()
export class JobEventsService {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly watcher: StatusWatcher,
    private readonly staying: StayingCallers,
    private readonly followers: Followers,
  ) {}

  /** Throws before the first byte is sent: `ResourceNotFound`, `TooManyStreams`, or why there is no status. */
  async follow(
    id: PrintStatusId,
    caller: Caller,
    lastSeen: string | undefined,
    reply: FastifyReply,
  ): Promise<void> {
    const { authorization } = reply.request.headers;
    const admitAgain = () => this.staying.admitAgain(authorization, id);
    await this.jobs.requireVisible(id, jobsCoveredFor(caller, 'ISSUANCE:VIEW'));
    if (isGone(reply)) return;
    const place = this.followers.reserve(caller);
    // However it ends: every response is closed once.
    reply.raw.once('close', () => place.release());
    const inbox = new Inbox();
    const stopWatching = this.watcher.watch(id, caller, (events) => inbox.put(events));
    try {
      inbox.put(await this.watcher.look(id, caller));
      await admitAgain();
      // Who has gone while the upstream was asked is told nothing.
      if (isGone(reply)) return stopWatching();
      place.requireKept();
      if (isSeenToTheEnd(inbox.latest, lastSeen)) {
        stopWatching();
        // An `EventSource` that gets 204 does not come back (HTML, §9.2.3).
        return void reply.code(NO_CONTENT).send();
      }
    } catch (error) {
      stopWatching();
      throw error;
    }
    if (reply.request.method === 'HEAD') {
      stopWatching();
      return void reply.headers(HEADERS).send();
    }
    const response = beginStreamingResponse(reply, HEADERS);
    const lifeMs = Math.min(LONGEST_TIMER_MS, caller.principal.expiresAtMs - Date.now());
    const expiry = setTimeout(() => follower.end('token-expired'), lifeMs);
    const follower = new JobFollower(caller, admitAgain, new EventStream(response), lastSeen, () => {
      clearTimeout(expiry);
      stopWatching();
    });
    if (caller.context) caller.context.stream = follower;
    place.open(follower);
    response.once('close', () => follower.leave());
    inbox.forward((events) => follower.tell(events));
  }
}

/** Keeps what comes until somebody is there to be told. */
class Inbox {
  latest: readonly StatusEvent[] = [];
  private tell: ((events: readonly StatusEvent[]) => void) | undefined;

  put(events: readonly StatusEvent[]): void {
    const isNewer = (events.at(-1)?.atMs ?? 0) >= (this.latest.at(-1)?.atMs ?? 0);
    if (isNewer) this.latest = events;
    this.tell?.(events);
  }

  forward(tell: (events: readonly StatusEvent[]) => void): void {
    this.tell = tell;
    tell(this.latest);
  }
}

function isGone({ raw }: FastifyReply): boolean {
  return raw.destroyed;
}

function isSeenToTheEnd(events: readonly StatusEvent[], lastSeen: string | undefined): boolean {
  const last = events.at(-1);
  return last !== undefined && last.id === lastSeen && isFinalEvent(last);
}
