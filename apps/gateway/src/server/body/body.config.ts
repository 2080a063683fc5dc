import { integer, Setting, type CrossChecked } from '#libs/config';
import { defaultBodyMemoryBytes } from './memory-limit.js';
import { GRACE_MS } from './slow-uploads.js';

const HOUR_MS = 3_600_000;
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export class BodyConfig implements CrossChecked {
  @Setting({
    name: 'BODY_LIMIT_BYTES',
    kind: integer(1_000, 1_000_000_000),
    default: '10485760',
    meaning: 'longer request bodies are refused with 413',
  })
  readonly maxBytes!: number;

  @Setting({
    name: 'BODY_LIMIT_WITHOUT_IMAGES_BYTES',
    kind: integer(1_000, 10_000_000),
    default: '65536',
    meaning: 'a body that is longer than this without its images is refused with 413',
  })
  readonly maxRemainderBytes!: number;

  @Setting({
    name: 'BODY_MEMORY_BYTES',
    kind: integer(1_000, 1_000_000_000_000),
    meaning:
      'what all bodies under way may hold together, at least twice `BODY_LIMIT_BYTES`; of it one tenant may hold at most three quarters, and leaves one body room for others; one user half as much as a tenant, but in any case one body; 503 beyond. Left out, a quarter of the memory that the process may have, and at most half of its heap limit',
  })
  readonly givenMemoryBytes?: number;

  @Setting({
    name: 'BODY_MEMORY_WAIT_MS',
    kind: integer(0, HOUR_MS),
    default: '2000',
    meaning:
      'how long a body waits for its share of that memory, in milliseconds; then slow uploads of whoever holds more are stopped for it, or else it gets the 503',
  })
  readonly memoryWaitMs!: number;

  @Setting({
    name: 'BODY_IDLE_TIMEOUT_MS',
    kind: integer(100, HOUR_MS),
    default: '10000',
    meaning: 'how long an upload may be silent, in milliseconds; 408 then',
  })
  readonly idleMs!: number;

  @Setting({
    name: 'BODY_MIN_BYTES_PER_SECOND',
    kind: integer(1, 1_000_000_000),
    default: '2000',
    meaning: 'how fast an upload must be on average, after its first minute; 408 for a slower one',
  })
  readonly bytesPerSecond!: number;

  get memoryBytes(): number {
    return this.givenMemoryBytes ?? defaultBodyMemoryBytes();
  }

  /** Three quarters of the memory, so that no tenant is without room because of another; but one body, and room for one of others. */
  get memoryBytesPerTenant(): number {
    return Math.min(Math.floor((this.memoryBytes * 3) / 4), this.memoryBytes - this.maxBytes);
  }

  /** Half of what a tenant may hold, and in any case one body. */
  get memoryBytesPerUser(): number {
    return Math.max(this.maxBytes, Math.floor(this.memoryBytesPerTenant / 2));
  }

  /** How long the slowest upload of the longest body takes. */
  get maxUploadMs(): number {
    const ms = this.idleMs + GRACE_MS + Math.ceil(this.maxBytes / this.bytesPerSecond) * 1_000;
    return Math.min(ms, LONGEST_TIMEOUT_MS);
  }

  faults(): string[] {
    return this.memoryBytes < 2 * this.maxBytes
      ? [
          `BODY_MEMORY_BYTES (${this.memoryBytes}) must be at least twice BODY_LIMIT_BYTES (${this.maxBytes}): one body could otherwise keep all others from being read`,
        ]
      : [];
  }
}
