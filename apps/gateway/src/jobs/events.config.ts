import { integer, Setting } from '#libs/config';

export class EventsConfig {
  @Setting({
    name: 'EVENTS_PER_CALLER',
    kind: integer(1, 1_000_000),
    default: '50',
    meaning: 'how many event streams one caller may have open at a gateway',
  })
  readonly perCaller!: number;

  @Setting({
    name: 'EVENTS_PER_PROCESS',
    kind: integer(1, 1_000_000),
    default: '10000',
    meaning: 'how many event streams a gateway keeps open',
  })
  readonly perProcess!: number;

  @Setting({
    name: 'EVENTS_HEARTBEAT_MS',
    kind: integer(100, 600_000),
    default: '15000',
    meaning: 'how often a comment is sent on every stream, so that proxies keep it open',
  })
  readonly heartbeatMs!: number;
}
