/** Shorter bodies take no memory worth keeping. */
const LEAST_BYTES = 65_536;
/** Rounded up to this, bodies of about the same length fit into the same memory. */
const STEP_BYTES = 262_144;
/** So much is kept at most while nobody needs it. */
const MAX_FREE_BYTES = 67_108_864;

const free: Buffer[] = [];
let freeBytes = 0;

/**
 * The memory of one long body, which serves others afterwards. Fresh memory for each would cost more than what is done with a body:
 * the kernel clears it, and the collector searches the whole heap whenever some of it piled up. To give it back is a favour,
 * no duty: what is not given back is collected like any other. Once it is given back nobody can read from it.
 */
export class BodyMemory {
  #buffer: Buffer | undefined;

  private constructor(
    buffer: Buffer,
    private readonly length: number,
  ) {
    this.#buffer = buffer;
  }

  /**
   * Memory that others gave back, for so many bytes: every one of them must be written before any is read. Undefined where there is
   * none. A caller's announcement of a long body takes nothing else: what was only announced must not cost memory.
   */
  static again(length: number): BodyMemory | undefined {
    const fits = (buffer: Buffer) => buffer.length >= length && buffer.length <= 2 * length + STEP_BYTES;
    const index = length >= LEAST_BYTES ? free.findIndex(fits) : -1;
    if (index === -1) return undefined;
    const [buffer] = free.splice(index, 1) as [Buffer];
    freeBytes -= buffer.length;
    return new BodyMemory(buffer, length);
  }

  /** Memory of its own with these bytes, which came in chunks. */
  static of(...chunks: readonly Buffer[]): BodyMemory {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (length < LEAST_BYTES) return new BodyMemory(Buffer.concat(chunks, length), length);
    const buffer = Buffer.allocUnsafeSlow(Math.ceil(length / STEP_BYTES) * STEP_BYTES);
    let end = 0;
    for (const chunk of chunks) end += chunk.copy(buffer, end);
    return new BodyMemory(buffer, length);
  }

  /** Its bytes. Throws when it was given back. */
  get bytes(): Buffer {
    if (!this.#buffer) throw new Error('the memory of this body was given back');
    return this.#buffer.subarray(0, this.length);
  }

  /** For others to use. Nobody may hold on to what `bytes` gave out. */
  giveBack(): void {
    const buffer = this.#buffer;
    this.#buffer = undefined;
    if (!buffer || buffer.length < STEP_BYTES || freeBytes + buffer.length > MAX_FREE_BYTES) return;
    free.push(buffer);
    freeBytes += buffer.length;
  }
}
