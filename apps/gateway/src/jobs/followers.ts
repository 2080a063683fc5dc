import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { digestOf } from '#libs/contract';
import { PolicyService, type Caller } from '#libs/policy';
import { Metrics } from '#libs/telemetry';
import { EventsConfig } from './events.config.js';
import { NoMoreStreams, TooManyStreams } from './events.problems.js';
import type { JobFollower } from './job-follower.js';

/** Everybody who follows a job at this gateway: how many there may be, and when their streams end. */
@Injectable()
export class Followers implements BeforeApplicationShutdown {
  private readonly all = new Set<JobFollower>();
  private readonly byCaller = new Map<string, number>();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly config: EventsConfig,
    private readonly policy: PolicyService,
    metrics: Metrics,
  ) {
    metrics.gauge('event_streams', 'Event streams that are open.', () => this.all.size);
    this.heartbeat = setInterval(() => this.beat(), config.heartbeatMs).unref();
  }

  /** Throws `TooManyStreams` or `NoMoreStreams`. */
  requireRoom({ principal }: Caller): void {
    if ((this.byCaller.get(nameOf(principal)) ?? 0) >= this.config.perCaller)
      throw new TooManyStreams(this.config.perCaller);
    if (this.all.size >= this.config.perProcess) throw new NoMoreStreams();
  }

  add(follower: JobFollower): void {
    this.all.add(follower);
    this.count(follower, 1);
  }

  remove(follower: JobFollower): void {
    if (this.all.delete(follower)) this.count(follower, -1);
  }

  /** Whoever comes back comes to another gateway. */
  beforeApplicationShutdown(): void {
    clearInterval(this.heartbeat);
    [...this.all].forEach((follower) => follower.end('reconnect'));
  }

  /** Who lost the permission meanwhile is sent away: coming back, they are refused like everybody else. */
  private beat(): void {
    for (const follower of [...this.all]) {
      const grant = this.policy.grantOf(follower.caller.principal);
      if (grant.allows('ISSUANCE:VIEW')) follower.keepAwake();
      else follower.end('reconnect');
    }
  }

  private count({ caller }: JobFollower, by: number): void {
    const name = nameOf(caller.principal);
    const count = (this.byCaller.get(name) ?? 0) + by;
    if (count > 0) this.byCaller.set(name, count);
    else this.byCaller.delete(name);
  }
}

function nameOf({ issuer, tenant, subject }: Caller['principal']): string {
  return digestOf(issuer, tenant, subject);
}
