import type { Lifetime } from './lifetime.js';

/** What the upstream said, and how long it may be used; without a lifetime it is not kept. */
export interface Loaded {
  readonly text: string;
  readonly lifetime: Lifetime | undefined;
}

/** One cached thing: its key, how it is fetched, and for how long its absence is remembered. */
export interface CacheLoader {
  /** What sort of thing it is, for those who count. */
  readonly kind: string;
  readonly key: string;
  readonly absentMs: number;
  /**
   * Asked before a load that this reader causes: what it rejects with is this reader's answer, and nobody else's. Undefined
   * admits at once.
   */
  admit?(): Promise<void> | undefined;
  load(): Promise<Loaded>;
  /** Whether what an answer contains may be kept, however long it holds; every answer may where this is left out. */
  isCacheable?(text: string): boolean;
}
