/** Shorter bodies take no memory worth keeping. */
const LEAST_BYTES = 65_536;
/** Rounded up to this, bodies of about the same length fit into the same memory. */
const STEP_BYTES = 262_144;
/** So much is kept at most while nobody needs it. */
const MAX_FREE_BYTES = 67_108_864;

const free: Buffer[] = [];
let freeBytes = 0;

/**
 * The memory of one body, into which it is written as it arrives. That of a long one serves others afterwards: fresh memory for each
 * would cost more than what is done with a body, because the kernel clears it, and the collector searches the whole heap whenever
 * some of it piled up. To give it back is a favour, no duty: what is not given back is collected like any other. Once it is given
 * back nobody can read from it.
 */
export class BodyMemory {
  #buffer: Buffer | undefined;
  #length = 0;

  /**
   * For so many bytes at most, and at first for fewer where nobody knows how many will come: it then moves once, into fresh memory. The
   * kernel gives a page of that when it is written to, so what does not come costs nothing; memory that has served before is all there.
   */
  constructor(
    private readonly maxBytes: number,
    private readonly firstBytes = maxBytes,
  ) {}

  /** A body that is here already. */
  static of(bytes: Buffer): BodyMemory {
    const memory = new BodyMemory(bytes.length);
    memory.append(bytes);
    return memory;
  }

  /** Its bytes, as far as they have arrived. Throws when it was given back. */
  get bytes(): Buffer {
    if (!this.#buffer) throw new Error('the memory of this body was given back');
    return this.#buffer.subarray(0, this.#length);
  }

  /** How many bytes have arrived. */
  get length(): number {
    return this.#length;
  }

  /** Throws a `RangeError` for more than it is for. */
  append(chunk: Buffer): void {
    const end = this.#length + chunk.length;
    if (end > this.maxBytes) throw new RangeError('the body is longer than its memory');
    this.#buffer = this.withRoomFor(end);
    this.#buffer.set(chunk, this.#length);
    this.#length = end;
  }

  /** For the collector: somebody may still be reading from it. */
  leave(): void {
    this.#buffer = undefined;
    this.#length = 0;
  }

  /** For others to use. Nobody may hold on to what `bytes` gave out. */
  giveBack(): void {
    const buffer = this.#buffer;
    this.leave();
    if (!buffer || buffer.length < STEP_BYTES || freeBytes + buffer.length > MAX_FREE_BYTES) return;
    free.push(buffer);
    freeBytes += buffer.length;
  }

  private withRoomFor(bytes: number): Buffer {
    const held = this.#buffer;
    if (held && held.length >= bytes) return held;
    const isAllKnown = this.firstBytes === this.maxBytes;
    const room = isAllKnown
      ? (takeFree(this.maxBytes) ?? fresh(this.maxBytes))
      : fresh(bytes <= this.firstBytes ? this.firstBytes : this.maxBytes);
    held?.copy(room, 0, 0, this.#length);
    return room;
  }
}

function fresh(bytes: number): Buffer {
  if (bytes <= LEAST_BYTES) return Buffer.allocUnsafe(bytes);
  return Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
}

/** Memory that served others, for a body that will fill most of it: a body counts with its own length, whatever it was given. */
function takeFree(bytes: number): Buffer | undefined {
  if (bytes < STEP_BYTES) return undefined;
  const fits = ({ length }: Buffer) => length >= bytes && length <= bytes + STEP_BYTES;
  const index = free.findIndex(fits);
  if (index === -1) return undefined;
  const [buffer] = free.splice(index, 1) as [Buffer];
  freeBytes -= buffer.length;
  return buffer;
}
