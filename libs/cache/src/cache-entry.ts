import { etagOf } from './etag.js';
import { freshnessAt, type Freshness, type Lifetime } from './lifetime.js';

const HEAD = /^(\d+) (\d+) (\d+) (\d+) ([tn])$/;

/** An answer of the upstream with its times. Its text is the upstream's, byte for byte; who asked is not in it. */
export class CacheEntry {
  private tag: string | undefined;

  constructor(
    /** Undefined where the upstream knows no such thing. */
    readonly text: string | undefined,
    readonly storedAtMs: number,
    readonly lifetime: Lifetime,
  ) {}

  /** Of its text, worked out for whoever asks first. */
  get etag(): string {
    return (this.tag ??= etagOf(this.text ?? ''));
  }

  ageMs(nowMs: number): number {
    return Math.max(0, nowMs - this.storedAtMs);
  }

  /** What is left of its freshness, in milliseconds; negative when it is stale. */
  freshForMs(nowMs: number): number {
    return this.lifetime.freshMs - this.ageMs(nowMs);
  }

  freshness(nowMs: number): Freshness {
    return freshnessAt(this.ageMs(nowMs), this.lifetime);
  }

  /**
   * One line of times, and the text as it is: nothing is escaped, nothing is parsed. First comes until when it is fresh: the
   * store asks no more of a value to tell whether somebody should fetch it anew (`Store.getOrClaim`).
   */
  encode(): string {
    const { freshMs, staleWhileRevalidateMs, staleIfErrorMs } = this.lifetime;
    const kind = this.text === undefined ? 'n' : 't';
    const freshUntilMs = this.storedAtMs + freshMs;
    return `${freshUntilMs} ${this.storedAtMs} ${staleWhileRevalidateMs} ${staleIfErrorMs} ${kind}\n${this.text ?? ''}`;
  }

  /** Undefined for what is no entry, such as the mark of an invalidation. */
  static decode(encoded: string): CacheEntry | undefined {
    const end = encoded.indexOf('\n');
    const match = HEAD.exec(encoded.slice(0, Math.max(0, end)));
    if (!match) return undefined;
    const [freshUntilMs, storedAtMs, staleWhileRevalidateMs, staleIfErrorMs] = match
      .slice(1, 5)
      .map(Number) as [number, number, number, number];
    const text = match[5] === 't' ? encoded.slice(end + 1) : undefined;
    const freshMs = freshUntilMs - storedAtMs;
    return new CacheEntry(text, storedAtMs, { freshMs, staleWhileRevalidateMs, staleIfErrorMs });
  }
}
