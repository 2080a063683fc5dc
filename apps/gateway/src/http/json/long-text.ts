import { randomUUID } from 'node:crypto';
import type { BodyMemory } from './body-memory.js';

/**
 * A long text of a JSON body, in the bytes in which it came: to make a string of a megabyte, and bytes of the string, would
 * cost as much as all the rest of a request. Nothing in it is escaped, so the bytes stand for themselves.
 */
export class LongText {
  // Private to the engine: whoever copies objects member by member finds nothing to copy.
  readonly #memory: BodyMemory | undefined;
  readonly #start: number;
  readonly #end: number;
  readonly #mark = randomUUID();

  constructor(memory?: BodyMemory, start = 0, end = 0) {
    this.#memory = memory;
    this.#start = start;
    this.#end = end;
  }

  /** Throws when the memory of its body was given back. */
  get bytes(): Buffer {
    return this.#memory?.bytes.subarray(this.#start, this.#end) ?? Buffer.alloc(0);
  }

  /** The same with this in the place of its first characters, which must be as many or more. */
  beginningWith(text: string, inPlaceOf: number): LongText {
    const start = this.#start + inPlaceOf - text.length;
    this.#memory?.bytes.write(text, start, 'latin1');
    return new LongText(this.#memory, start, this.#end);
  }

  /** What stands for it in JSON; nobody can guess it, so nothing else reads like it. */
  toJSON(): string {
    return this.#mark;
  }

  /** Keeps the memory of its whole body from serving others: somebody may still be reading from it. */
  leave(): void {
    this.#memory?.leave();
  }
}
