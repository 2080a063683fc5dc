import { Cluster } from 'ioredis';
import type { OneWrite } from './one-write.js';
import type { RedisConnection } from './redis-connection.js';
import { SCRIPTS, type Reply, type ScriptName, type Words } from './redis-scripts.js';
import { StoreUnavailable } from './store.problems.js';

/** So many are done in one step of Redis at most, which does nothing else meanwhile. */
const MOST_AT_ONCE = 64;

interface Question {
  readonly keys: readonly string[];
  readonly words: Words;
  readonly resolve: (reply: never) => void;
  readonly reject: (fault: unknown) => void;
}

/** Gives a command to the connection; throws `StoreUnavailable`. */
type InTime = <T>(command: () => Promise<T>) => Promise<T>;

/**
 * Asks each script everything that it is asked in one turn of the event loop in one command: for ten questions a command costs not
 * much more than for one. In a cluster each question goes to its own slot.
 */
export class GatheredScripts {
  private readonly isCluster: boolean;
  private readonly gathered = new Map<ScriptName, Question[]>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly write: OneWrite,
    private readonly inTime: InTime,
  ) {
    this.isCluster = redis instanceof Cluster;
  }

  /** Throws `StoreUnavailable`. */
  ask<N extends ScriptName>(name: N, keys: readonly string[], words: Words): Promise<Reply<N>> {
    return new Promise((resolve, reject) => {
      const question = { keys, words, resolve, reject };
      if (this.isCluster) return this.send(name, [question]);
      const others = this.gathered.get(name);
      if (others) return void others.push(question);
      this.gathered.set(name, [question]);
      this.write.atTheEnd(() => this.sendGathered(name));
    });
  }

  private sendGathered(name: ScriptName): void {
    const questions = this.gathered.get(name) ?? [];
    this.gathered.delete(name);
    for (let at = 0; at < questions.length; at += MOST_AT_ONCE)
      this.send(name, questions.slice(at, at + MOST_AT_ONCE));
  }

  private send(name: ScriptName, questions: readonly Question[]): void {
    const words: (string | number)[] = [];
    // A cluster's client looks for the slot in what comes first.
    if (!this.isCluster) words.push(questions.length * SCRIPTS[name].keys);
    for (const question of questions) words.push(...question.keys);
    for (const question of questions) words.push(...question.words);
    const read = SCRIPTS[name].read as (reply: unknown) => unknown;
    this.inTime(() => this.redis[name](words)).then(
      (replies) => questions.forEach((question, index) => answer(question, replies[index], read)),
      (fault: unknown) => questions.forEach(({ reject }) => reject(fault)),
    );
  }
}

function answer({ resolve, reject }: Question, reply: unknown, read: (reply: unknown) => unknown): void {
  if (reply instanceof Error) reject(new StoreUnavailable(reply));
  else resolve(read(reply) as never);
}
