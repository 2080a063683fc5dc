import { randomUUID } from 'node:crypto';

/**
 * A long string of a JSON body, as the bytes in which it came. To make a string of a megabyte, and bytes of the string, costs as much as all
 * the rest of a request: twice the processor time and memory of a large print. Nothing in the bytes is escaped, so they stand for themselves.
 */
export class RawJsonString {
  // Private to the engine: whoever copies objects member by member finds nothing to copy.
  readonly #bytes: Buffer;
  readonly #placeholder = randomUUID();

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The same with `prefix` in the place of its first `replaced` characters, which must be as many or more. Written in place: this one changes too. */
  withPrefix(prefix: string, replaced: number): RawJsonString {
    const start = replaced - prefix.length;
    this.#bytes.write(prefix, start, 'latin1');
    return new RawJsonString(this.#bytes.subarray(start));
  }

  /** What stands for it in JSON; nobody can guess it, so nothing else reads like it. */
  toJSON(): string {
    return this.#placeholder;
  }
}
