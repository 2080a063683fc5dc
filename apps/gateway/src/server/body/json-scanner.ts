import { BodyTooLarge, MalformedRequest, type InvalidRequest } from '#libs/problem';
import { invalidAt, notBase64 } from './body.problems.js';
import type { JsonPath } from './json-path.js';
import { longStringPrefixFault, PREFIX_BYTES } from './long-string-prefix.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;
const LIST = 0x5b;
const LIST_END = 0x5d;
const SPACE = 0x20;

/** No request of the vendor's document is half as deep. */
const MAX_DEPTH = 16;
/** Longer ones lose digits as soon as they are read (RFC 8259 §6); no literal and no number of a request is longer. */
const MAX_LITERAL_LENGTH = 17;
/**
 * How much is still taken of a body when a long string of it turned out wrong. A body that ends within it is answered as a whole: every
 * rule that it breaks, to a caller who could send all of it. The answer to a longer one names that string alone, and the connection
 * is closed.
 */
const READ_ON_BYTES = 1_048_576;
/**
 * How long all long strings may be together in which something is escaped. To undo what is escaped, sign by sign, costs more than all else
 * that is done with an image, so that a body of nothing but these would cost more than its checks are worth.
 */
export const MAX_ESCAPED_BYTES = 4_000_000;

export interface ScanLimits {
  /** How long all may be that is no long string. */
  readonly maxRemainderBytes: number;
  readonly maxLongStrings: number;
  /** Whether the string at this path may be long. */
  readonly mayBeLong: (path: JsonPath) => boolean;
  /** What is wrong with a long string that begins so, or undefined. */
  readonly prefixFault: (prefix: Buffer) => string | undefined;
}

/** A string in its place: its bytes from `start` until `end`, without the quotes. */
export interface LongString {
  readonly path: JsonPath;
  readonly start: number;
  readonly end: number;
  readonly isEscaped: boolean;
}

type State = 'structure' | 'string' | 'long string';

/**
 * Looks at a JSON text while it arrives. It finds the strings that may be long, and throws as soon as all the rest is more than its
 * bounds allow, so that no body costs more than its images and some 64 kB beside them. Whether it is JSON at all, `JSON.parse`
 * says afterwards; what the two see of sound JSON is the same.
 */
export class JsonScanner {
  readonly longStrings: LongString[] = [];
  private state: State = 'structure';
  private at = 0;
  private start = 0;
  private longBytes = 0;
  private escapedBytes = 0;
  private literalLength = 0;
  private isAfterBackslash = false;
  private hasEscape = false;
  private isNameNext = false;
  private isPrefixKnown = false;
  /** What is wrong with the first long string that cannot be right, and where that was seen. */
  private refusal: { readonly problem: InvalidRequest; readonly at: number } | undefined;
  /** The step within each container that is open. */
  private readonly path: (string | number)[] = [];
  /** The names that each open object has so far; nothing for a list. */
  private readonly names: (Set<string> | undefined)[] = [];

  constructor(private readonly limits: ScanLimits) {}

  /** Goes on to the end of what has arrived of the body: all of it until now. */
  advance(arrived: Buffer): void {
    while (this.at < arrived.length) {
      if (this.state === 'long string') this.passLongString(arrived);
      else this.passRemainder(arrived);
      if (this.at - this.longBytes > this.limits.maxRemainderBytes && this.state !== 'long string')
        throw new BodyTooLarge(
          `What the body has besides images is longer than ${this.limits.maxRemainderBytes} bytes.`,
        );
      if (this.refusal && this.at - this.refusal.at > READ_ON_BYTES) throw this.refusal.problem;
    }
  }

  /** Throws `MalformedRequest` where a string is open when everything has arrived. */
  requireEnd(): void {
    if (this.state !== 'structure') throw new MalformedRequest({ detail: 'The body is not valid JSON.' });
  }

  /** A string that may be long is not looked at letter by letter. */
  private passLongString(arrived: Buffer): void {
    const end = arrived.indexOf(QUOTE, this.at);
    const characters = arrived.subarray(this.start, end === -1 ? arrived.length : end);
    if (!this.isPrefixKnown && characters.length >= PREFIX_BYTES) this.checkPrefix(characters);
    if (end === -1) {
      this.at = arrived.length;
      return;
    }
    const path = [...this.path];
    // It would hold or end with what is no digit of base64.
    if (arrived[end - 1] === BACKSLASH) throw notBase64(path);
    const isEscaped = characters.includes(BACKSLASH);
    if (isEscaped) this.countEscaped(characters.length);
    this.longStrings.push({ path, start: this.start, end, isEscaped });
    this.longBytes += end - this.start;
    this.at = end + 1;
    this.state = 'structure';
  }

  private countEscaped(bytes: number): void {
    this.escapedBytes += bytes;
    if (this.escapedBytes > MAX_ESCAPED_BYTES)
      throw invalidAt(
        this.path,
        `must have "/" and "+" unescaped: escaped images may be ${MAX_ESCAPED_BYTES} bytes long in all`,
      );
  }

  private checkPrefix(characters: Buffer): void {
    this.isPrefixKnown = true;
    const message = longStringPrefixFault(characters, this.limits.prefixFault);
    if (message !== undefined) this.refusal ??= { problem: invalidAt(this.path, message), at: this.at };
  }

  /** No further than its bound, however much has arrived. */
  private passRemainder(arrived: Buffer): void {
    const end = Math.min(arrived.length, this.longBytes + this.limits.maxRemainderBytes + 1);
    for (; this.at < end && this.state !== 'long string'; this.at += 1) {
      const byte = arrived[this.at] as number;
      if (this.state === 'string') this.stepInString(byte, arrived);
      else this.step(byte);
    }
  }

  private step(byte: number): void {
    if (byte === QUOTE) this.beginString();
    else if (byte === OBJECT || byte === LIST) this.open(byte === OBJECT);
    else if (byte === OBJECT_END || byte === LIST_END) this.close();
    else if (byte === COMMA) this.next();
    else if (byte > SPACE && byte !== COLON) return this.stepInLiteral();
    this.literalLength = 0;
  }

  private beginString(): void {
    const isLong =
      !this.isNameNext &&
      this.longStrings.length < this.limits.maxLongStrings &&
      this.limits.mayBeLong(this.path);
    this.state = isLong ? 'long string' : 'string';
    this.start = this.at + 1;
    this.hasEscape = this.isPrefixKnown = false;
  }

  private stepInString(byte: number, arrived: Buffer): void {
    if (this.isAfterBackslash) this.isAfterBackslash = false;
    else if (byte === BACKSLASH) this.isAfterBackslash = this.hasEscape = true;
    else if (byte === QUOTE) this.endString(arrived);
  }

  private endString(arrived: Buffer): void {
    this.state = 'structure';
    if (!this.isNameNext) return;
    this.isNameNext = false;
    const text = arrived.toString('utf8', this.start, this.at);
    const name = this.hasEscape ? unescaped(text) : text;
    const names = this.names[this.names.length - 1];
    this.path[this.path.length - 1] = name;
    if (names?.has(name))
      // RFC 8259 §4: what readers make of it differs.
      throw invalidAt(this.path, 'must not stand twice');
    names?.add(name);
  }

  private open(isObject: boolean): void {
    if (this.path.length === MAX_DEPTH)
      throw invalidAt(this.path, `must not be nested deeper than ${MAX_DEPTH} levels`);
    this.path.push(isObject ? '' : 0);
    this.names.push(isObject ? new Set() : undefined);
    this.isNameNext = isObject;
  }

  private close(): void {
    this.path.pop();
    this.names.pop();
    this.isNameNext = false;
  }

  private next(): void {
    const step = this.path[this.path.length - 1];
    this.isNameNext = typeof step === 'string';
    if (typeof step === 'number') this.path[this.path.length - 1] = step + 1;
  }

  private stepInLiteral(): void {
    this.literalLength += 1;
    if (this.literalLength > MAX_LITERAL_LENGTH)
      throw new MalformedRequest({
        detail: `A number of the body has more than ${MAX_LITERAL_LENGTH} characters, or is none.`,
      });
  }
}

/** The text that these characters between quotes stand for; they themselves when they stand for none. */
function unescaped(characters: string): string {
  try {
    return JSON.parse(`"${characters}"`) as string;
  } catch {
    return characters;
  }
}
