import { Cluster } from 'ioredis';
import type { OneWrite } from './one-write.js';
import type { RedisConnection } from './redis-connection.js';
import { StoreUnavailable } from './store.problems.js';

/** So many are done in one step of Redis at most, which does nothing else meanwhile. */
const MOST_AT_ONCE = 64;
/** A value, and the claim beside it. */
export const KEYS_OF_A_QUESTION = 2;

export type Words = readonly (string | number)[];

interface Question<R> {
  readonly keys: readonly [string, string];
  readonly words: Words;
  readonly resolve: (reply: R) => void;
  readonly reject: (fault: unknown) => void;
}

/** Sends one command: the number of keys (not to a cluster), the keys, and the other words of all questions in order. */
export type SendAll<R> = (words: Words) => Promise<(R | null)[]>;

/**
 * Asks a script (`MANY` of `redis-scripts.ts`) everything that is asked in one turn of the event loop in one command: for ten questions a
 * command costs not much more than for one. In a cluster each goes to its own slot.
 */
export class GatheredScript<R> {
  private readonly isCluster: boolean;
  private questions: Question<R>[] = [];

  constructor(
    redis: RedisConnection,
    private readonly write: OneWrite,
    private readonly sendAll: SendAll<R>,
  ) {
    this.isCluster = redis instanceof Cluster;
  }

  ask(keys: readonly [string, string], words: Words): Promise<R> {
    return new Promise((resolve, reject) => {
      const question = { keys, words, resolve, reject };
      if (this.isCluster) this.send([question]);
      else if (this.questions.push(question) === 1) this.write.atTheEnd(() => this.sendGathered());
    });
  }

  private sendGathered(): void {
    const { questions } = this;
    this.questions = [];
    for (let at = 0; at < questions.length; at += MOST_AT_ONCE)
      this.send(questions.slice(at, at + MOST_AT_ONCE));
  }

  private send(questions: readonly Question<R>[]): void {
    // A cluster's client looks for the slot in what comes first.
    const words: (string | number)[] = this.isCluster ? [] : [KEYS_OF_A_QUESTION * questions.length];
    for (const { keys } of questions) words.push(...keys);
    for (const question of questions) words.push(...question.words);
    this.sendAll(words).then(
      (replies) => questions.forEach((question, index) => answer(question, replies[index])),
      (fault: unknown) => questions.forEach(({ reject }) => reject(fault)),
    );
  }
}

function answer<R>({ resolve, reject }: Question<R>, reply: R | null | undefined): void {
  if (reply === null || reply === undefined) reject(new StoreUnavailable(new Error('the script failed')));
  else resolve(reply);
}
