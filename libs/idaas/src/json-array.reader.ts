import { UpstreamInvalidResponse } from './idaas.problems.js';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Space, tab, line feed and carriage return (RFC 8259 §2). */
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** What may come next at the level of the array. */
type Expected = 'array' | 'first-or-end' | 'object' | 'comma-or-end' | 'nothing';

/** What each byte between the objects leads to, by what is expected; an object leads to `comma-or-end` when it ends. */
const NEXT: Readonly<Record<Expected, Readonly<Record<number, Expected>>>> = {
  array: { [OPEN_BRACKET]: 'first-or-end' },
  'first-or-end': { [OPEN_BRACE]: 'comma-or-end', [CLOSE_BRACKET]: 'nothing' },
  object: { [OPEN_BRACE]: 'comma-or-end' },
  'comma-or-end': { [COMMA]: 'object', [CLOSE_BRACKET]: 'nothing' },
  nothing: {},
};

/**
 * Reads a JSON array of objects from the chunks in which it arrives, however long it is: it keeps the bytes of one unfinished object
 * and nothing else. It finds where an object begins and ends; `JSON.parse` judges what is between.
 */
export class JsonArrayReader {
  private expected: Expected = 'array';
  /** How many braces and brackets of the object are open; 0 between objects. */
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  /** What earlier chunks had of the object. */
  private begun: Buffer[] = [];
  private begunBytes = 0;

  /** `take` gets each object in turn; what it throws is thrown by `push`. An object longer than `maxObjectBytes` is refused. */
  constructor(
    private readonly maxObjectBytes: number,
    private readonly take: (value: unknown) => void,
  ) {}

  /** Throws `UpstreamInvalidResponse` for what is no array of objects; nothing may be pushed after that. */
  push(chunk: Buffer): void {
    let start = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.depth === 0) {
        this.readBetween(chunk[at] as number);
        start = at;
        at += 1;
      } else {
        at = this.isInString ? this.skipString(chunk, at) : this.skipStructure(chunk, at);
        if (this.depth === 0) this.finish(chunk.subarray(start, at));
      }
    }
    if (this.depth > 0) this.keep(Buffer.from(chunk.subarray(start)));
  }

  /** Throws `UpstreamInvalidResponse` unless the array has ended. */
  end(): void {
    if (this.expected !== 'nothing') throw new UpstreamInvalidResponse('is not a whole list');
  }

  private readBetween(byte: number): void {
    if (WHITE_SPACE.has(byte)) return;
    const next = NEXT[this.expected][byte];
    if (next === undefined) throw new UpstreamInvalidResponse('is not a list of objects');
    this.expected = next;
    if (byte === OPEN_BRACE) this.depth = 1;
  }

  /** Gives the place behind the string, or the end of the chunk. */
  private skipString(chunk: Buffer, from: number): number {
    let at = this.isEscaped ? from + 1 : from;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.isInString = this.isEscaped = false;
        return at + 1;
      }
      // Whatever follows is no end of the string; it may stand in the next chunk.
      if (byte === BACKSLASH) at += 1;
    }
    this.isEscaped = at > chunk.length;
    return chunk.length;
  }

  /** Gives the place behind the next quote or the end of the object, or the end of the chunk. */
  private skipStructure(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.isInString = true;
        return at + 1;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.depth -= 1;
        if (this.depth === 0) return at + 1;
      }
    }
    return chunk.length;
  }

  private finish(rest: Buffer): void {
    this.requireShort(rest.length);
    const text = this.begun.length === 0 ? rest : Buffer.concat([...this.begun, rest]);
    [this.begun, this.begunBytes] = [[], 0];
    this.take(parse(text.toString('utf8')));
  }

  private keep(piece: Buffer): void {
    this.requireShort(piece.length);
    this.begun.push(piece);
    this.begunBytes += piece.length;
  }

  private requireShort(moreBytes: number): void {
    if (this.begunBytes + moreBytes > this.maxObjectBytes)
      throw new UpstreamInvalidResponse('has an entry that is too long');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UpstreamInvalidResponse('is not JSON', error);
  }
}
