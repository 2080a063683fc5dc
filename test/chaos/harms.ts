import { setTimeout as delay } from 'node:timers/promises';
import type { TestEnvironment } from '../support/test-environment.js';
import type { Prng } from '../support/prng.js';
import { stepOf } from './redis-step.js';
import type { RelayedRedis } from './relayed-redis.js';

/** To what harm is done, and for how long. */
export interface Victims {
  readonly env: TestEnvironment;
  readonly redis: RelayedRedis;
  readonly prng: Prng;
  /** Waits so long, or as much shorter as harm is to be done more often. */
  readonly pause: (fromMs: number, toMs: number) => Promise<void>;
  readonly isOver: () => boolean;
  readonly isHalfOver: () => boolean;
  /** To be called each time that harm was done. */
  readonly count: (harm: Harm) => void;
}

const GATEWAYS = 2;
/** Of so many steps one is lost, loses its reply, or is answered late. */
const STEPS_PER_LOSS = 130;
/** Longer than a gateway waits for Redis (`REDIS_COMMAND_TIMEOUT_MS`). */
const LATE_MS = 700;

/** What goes wrong beside the upstream, each for as long as clients print. */
const DO = {
  'gateways killed': async ({ env, prng, pause, isOver, count }: Victims) => {
    while (!isOver()) {
      await pause(800, 2_500);
      const victim = prng.below(GATEWAYS);
      await env.crash(victim);
      await env.restart(victim);
      count('gateways killed');
    }
  },
  /** For longer than every lease: others take over what it holds, and then it goes on. */
  'gateways frozen': async ({ env, prng, pause, isOver, count }: Victims) => {
    while (!isOver()) {
      await pause(3_000, 6_000);
      const { program } = env.gateway(prng.below(GATEWAYS));
      program.signal('SIGSTOP');
      await delay(prng.between(500, 4_000));
      program.signal('SIGCONT');
      count('gateways frozen');
    }
  },
  'restarts of Redis': async ({ redis, isOver, isHalfOver, count }: Victims) => {
    while (!isHalfOver() && !isOver()) await delay(20);
    await redis.restart();
    count('restarts of Redis');
  },
  /** One gateway at a time: its connections break, or are silent, and what was on its way comes late. */
  partitions: async ({ redis, prng, pause, isOver, count }: Victims) => {
    while (!isOver()) {
      await pause(1_500, 4_000);
      const relay = prng.of(redis.relays);
      if (prng.below(2) === 0) relay.cut();
      else relay.hold();
      await delay(prng.between(200, 3_000));
      relay.mend();
      count('partitions');
    }
  },
  'replies lost': async ({ redis, prng, isOver, count }: Victims) => {
    for (const relay of redis.relays)
      relay.rule = (words) => {
        if (stepOf(words) === undefined || prng.below(STEPS_PER_LOSS) > 0) return 'pass';
        count('replies lost');
        return prng.of(['reply lost', 'request lost', { beforeReply: () => delay(LATE_MS) }]);
      };
    while (!isOver()) await delay(20);
    for (const relay of redis.relays) relay.mend();
  },
} satisfies Record<string, (victims: Victims) => Promise<void>>;

export type Harm = keyof typeof DO;

export async function harm(harms: readonly Harm[], victims: Victims): Promise<void> {
  await Promise.all(harms.map((name) => DO[name](victims)));
}
