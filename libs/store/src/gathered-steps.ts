import type { OneWrite } from './one-write.js';
import type { RedisConnection } from './redis-connection.js';
import { scriptOf, STEPS, type Reply, type StepName, type Words } from './redis-steps.js';
import { StoreUnavailable } from './store.problems.js';

/** So many are done in one command at most: Redis does nothing else meanwhile. */
const MOST_AT_ONCE = 64;

interface Asked {
  readonly name: StepName;
  readonly keys: readonly string[];
  readonly words: Words;
  readonly resolve: (reply: never) => void;
  readonly reject: (fault: unknown) => void;
}

interface Answers {
  /** Gives a command to the connection; throws `StoreUnavailable`. */
  inTime<T>(command: () => Promise<T>): Promise<T>;
  /** A step was answered with an error. */
  refused(error: Error): void;
}

type Command = (keys: readonly string[], words: Words) => Promise<unknown[]>;

/**
 * Has everything that is asked for in one turn of the event loop done by one command, in that order: ten steps of Redis cost its
 * client not much more than one. In a cluster too: there all keys are in one slot (`RedisStore`).
 */
export class GatheredSteps {
  private gathered: Asked[] = [];
  private readonly command: Command;

  constructor(
    redis: RedisConnection,
    private readonly write: OneWrite,
    private readonly answers: Answers,
  ) {
    this.command = commandOf(redis);
  }

  /** Throws `StoreUnavailable`. */
  ask<N extends StepName>(name: N, keys: readonly string[], words: Words): Promise<Reply<N>> {
    return new Promise((resolve, reject) => {
      const asked = { name, keys, words, resolve, reject };
      if (this.gathered.push(asked) === 1) this.write.atTheEnd(() => this.sendGathered());
    });
  }

  private sendGathered(): void {
    const { gathered } = this;
    this.gathered = [];
    for (let at = 0; at < gathered.length; at += MOST_AT_ONCE)
      this.send(gathered.slice(at, at + MOST_AT_ONCE));
  }

  private send(asked: readonly Asked[]): void {
    const keys: string[] = [];
    const words: (string | number)[] = [];
    for (const each of asked) {
      keys.push(...each.keys);
      words.push(each.name, each.keys.length, ...each.words);
    }
    this.answers
      .inTime(() => this.command(keys, words))
      .then(
        (replies) => asked.forEach((each, index) => this.answer(each, replies[index])),
        (fault: unknown) => asked.forEach(({ reject }) => reject(fault)),
      );
  }

  private answer({ name, resolve, reject }: Asked, reply: unknown): void {
    if (reply instanceof Error) {
      this.answers.refused(reply);
      reject(new StoreUnavailable(reply));
    } else resolve(STEPS[name].read(reply as never) as never);
  }
}

/** ioredis sends a script by its hash, and whole to a server that does not know it yet (after a failover, say). */
function commandOf(redis: RedisConnection): Command {
  redis.defineCommand('steps', { lua: scriptOf(...(Object.keys(STEPS) as StepName[])) });
  const { steps } = redis as unknown as { steps: (words: Words) => Promise<unknown[]> };
  return (keys, words) => steps.call(redis, [keys.length, ...keys, ...words]);
}
