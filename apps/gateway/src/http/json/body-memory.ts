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

  /** Memory for so many bytes, with whatever stands in it: every one of them must be written before any is read. */
  static take(length: number): BodyMemory {
    const index = free.findIndex(
      (buffer) => buffer.length >= length && buffer.length <= 2 * length + STEP_BYTES,
    );
    if (index === -1)
      return new BodyMemory(Buffer.allocUnsafeSlow(Math.ceil(length / STEP_BYTES) * STEP_BYTES), length);
    const [buffer] = free.splice(index, 1) as [Buffer];
    freeBytes -= buffer.length;
    return new BodyMemory(buffer, length);
  }

  /** Memory of its own, which was written already. */
  static of(bytes: Buffer): BodyMemory {
    return new BodyMemory(bytes, bytes.length);
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
    if (!buffer || freeBytes + buffer.length > MAX_FREE_BYTES) return;
    free.push(buffer);
    freeBytes += buffer.length;
  }
}
