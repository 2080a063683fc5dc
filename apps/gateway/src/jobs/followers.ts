import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { FairRoom } from '#libs/limits';
import type { Caller } from '#libs/policy';
import { Metrics } from '#libs/telemetry';
import { tenantMember } from '../upstream/tenant-member.js';
import { EventsConfig } from './events.config.js';
import { NoMoreStreams, TooManyStreams } from './events.problems.js';
import { StreamPlace } from './stream-place.js';

/**
 * The streams of this gateway: how many there may be, and when they end. Their places are shared fairly between tenants, and between
 * the users of each: when all are taken, who holds the most gives up the newest for one who holds fewer.
 */
@Injectable()
export class Followers implements BeforeApplicationShutdown {
  private readonly all = new Set<StreamPlace>();
  private readonly room: FairRoom<StreamPlace>;
  private readonly heartbeat: NodeJS.Timeout;
  private isStopping = false;

  constructor(
    private readonly config: EventsConfig,
    metrics: Metrics,
  ) {
    this.room = new FairRoom(config.perProcess);
    metrics.gauge('event_streams', 'Event streams that are open.', () => this.all.size);
    this.heartbeat = setInterval(() => this.beat(), config.heartbeatMs).unref();
  }

  /**
   * Takes the place of a stream, before it is open: however many are opened at once, there are no more than there may be. Throws
   * `TooManyStreams` or `NoMoreStreams`.
   */
  reserve({ principal }: Caller): StreamPlace {
    const member = tenantMember(principal);
    if (this.room.sizeOf(member) >= this.config.perCaller) throw new TooManyStreams(this.config.perCaller);
    const place = new StreamPlace(() => {
      this.room.leave(member, place);
      this.all.delete(place);
    });
    if (this.isStopping || !this.room.enter(member, place)) throw new NoMoreStreams();
    this.all.add(place);
    return place;
  }

  /** Whoever comes back comes to another gateway. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    clearInterval(this.heartbeat);
    [...this.all].forEach((place) => place.giveWay());
  }

  private beat(): void {
    for (const place of [...this.all]) void place.follower?.beat();
  }
}
