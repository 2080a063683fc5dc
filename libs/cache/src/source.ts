import type { Lifetime } from './lifetime.js';

/** What the upstream said, and how long it may be used; without a lifetime it is not kept. */
export interface Fetched {
  readonly text: string;
  readonly lifetime: Lifetime | undefined;
}

/** How one cached thing is called. */
export interface Named {
  /** What sort of thing it is, for those who count. */
  readonly kind: string;
  readonly key: string;
}

/** One cached thing: its key, how it is fetched, and for how long its absence is remembered. */
export interface Source extends Named {
  readonly absentMs: number;
  /** Asked before a fetch that this reader causes: what it throws is this reader's answer, and nobody else's. */
  admit?(): Promise<void>;
  fetch(): Promise<Fetched>;
}
