import { Cluster } from 'ioredis';
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

/** Gives a command to the connection; throws `StoreUnavailable`. */
type InTime = <T>(command: () => Promise<T>) => Promise<T>;

type Command = (keys: readonly string[], words: Words) => Promise<unknown[]>;

/**
 * Has everything that is asked for in one turn of the event loop done by one command, in that order: ten steps of Redis cost its
 * client not much more than one. In a cluster each step goes to its own slot.
 */
export class GatheredSteps {
  private gathered: Asked[] = [];
  private readonly isCluster: boolean;
  private readonly command: Command;

  constructor(
    redis: RedisConnection,
    private readonly write: OneWrite,
    private readonly inTime: InTime,
  ) {
    this.isCluster = redis instanceof Cluster;
    this.command = commandOf(redis);
  }

  /** Throws `StoreUnavailable`. */
  ask<N extends StepName>(name: N, keys: readonly string[], words: Words): Promise<Reply<N>> {
    return new Promise((resolve, reject) => {
      const asked = { name, keys, words, resolve, reject };
      if (this.isCluster) this.send([asked]);
      else if (this.gathered.push(asked) === 1) this.write.atTheEnd(() => this.sendGathered());
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
      words.push(each.name, ...each.words);
    }
    this.inTime(() => this.command(keys, words)).then(
      (replies) => asked.forEach((each, index) => answer(each, replies[index])),
      (fault: unknown) => asked.forEach(({ reject }) => reject(fault)),
    );
  }
}

function answer({ name, resolve, reject }: Asked, reply: unknown): void {
  if (reply instanceof Error) reject(new StoreUnavailable(reply));
  else resolve(STEPS[name].read(reply as never) as never);
}

type Commands = Readonly<Record<'steps' | 'stepOf1' | 'stepOf2', (words: Words) => Promise<unknown[]>>>;

/** ioredis sends a script by its hash, and whole to a server that does not know it yet (after a failover, say). */
function commandOf(redis: RedisConnection): Command {
  const lua = scriptOf(...(Object.keys(STEPS) as StepName[]));
  const commands = redis as unknown as Commands;
  if (!(redis instanceof Cluster)) {
    redis.defineCommand('steps', { lua });
    return (keys, words) => commands.steps([keys.length, ...keys, ...words]);
  }
  // Its client looks for the slot in what comes first, so the number of keys has to be known before.
  redis.defineCommand('stepOf1', { lua, numberOfKeys: 1 });
  redis.defineCommand('stepOf2', { lua, numberOfKeys: 2 });
  return (keys, words) => commands[keys.length === 1 ? 'stepOf1' : 'stepOf2']([...keys, ...words]);
}
