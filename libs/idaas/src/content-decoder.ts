import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Dispatcher } from 'undici';

const ZLIB_METHOD_DEFLATE = 8;

/**
 * Undoes the coding of a response while it arrives, no faster than what comes out of it is taken: a few bytes can become gigabytes, which
 * then stop at the bound of `take`.
 */
export class ContentDecoder {
  private stream: Transform | undefined;
  private hasEnded = false;

  /** What `take` throws goes to `fail`, as does what is not in this coding. Neither is called after `fail`. */
  constructor(
    private readonly coding: string,
    private readonly take: (chunk: Buffer) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Throws for a coding that is not known. */
  push(chunk: Buffer, controller: Dispatcher.DispatchController): void {
    this.stream ??= this.open(chunk, controller);
    if (!this.stream.write(chunk)) controller.pause();
  }

  /** Calls back when all was taken. */
  end(done: () => void): void {
    this.hasEnded = true;
    if (!this.stream) return done();
    this.stream.once('end', done).end();
  }

  stop(): void {
    this.stream?.destroy();
  }

  private open(first: Buffer, controller: Dispatcher.DispatchController): Transform {
    const stream = decoderOf(this.coding, first);
    if (!stream) throw new Error(`the content coding is not known: ${this.coding}`);
    stream.on('data', (chunk: Buffer) => {
      try {
        this.take(chunk);
      } catch (error) {
        stream.destroy(error as Error);
      }
    });
    stream.on('drain', () => {
      if (!this.hasEnded) controller.resume();
    });
    return stream.on('error', this.fail);
  }
}

/** The coding that a response names; undefined where its body is as it is. */
export function codingOf(contentEncoding: string | undefined): string | undefined {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  const applied = codings.filter((coding) => coding !== '' && coding !== 'identity');
  return applied.length === 0 ? undefined : applied.join(', ');
}

/**
 * RFC 9110 §8.4.1. Undefined for a coding that is not known, and for several. What calls itself deflate is in zlib's format or, contrary to
 * the RFC, without its header.
 */
function decoderOf(coding: string, first: Buffer): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return ((first[0] ?? 0) & 0x0f) === ZLIB_METHOD_DEFLATE ? createInflate() : createInflateRaw();
    default:
      return undefined;
  }
}
