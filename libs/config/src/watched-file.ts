import { readBytes, readText } from './text-file.js';

/**
 * A file that is read again when it changes. It is read every `intervalMs`, because mounted secrets change by swapping
 * a link, which change notification of a single file misses, and because a small file costs less than to be wrong.
 */
export class WatchedFile {
  private text: string | undefined;
  private error: unknown;

  /** Reads the file as text (`readText`). As `latin1` each byte is a character, so that no two contents are the same text. */
  constructor(
    readonly path: string,
    private readonly intervalMs: number,
    private readonly encoding: 'text' | 'latin1' = 'text',
  ) {
    this.text = this.readOr((error) => (this.error = error));
  }

  /** What stood in the file when it was last read. Throws `FileFault` when it could not be read at first. */
  read(): string {
    if (this.text === undefined) throw this.error;
    return this.text;
  }

  /**
   * Calls back with each new text, and with the error when the file cannot be read any more. A file that is being
   * written is read in the middle, so only a text that was seen twice in a row counts. Returns the way to stop.
   */
  onChange(changed: (text: string) => void, failed: (error: unknown) => void): () => void {
    let seen: string | undefined = this.text;
    const look = () => {
      const before = seen;
      seen = this.readOr(before === undefined ? () => {} : failed);
      if (seen === undefined || seen !== before || seen === this.text) return;
      this.text = seen;
      changed(seen);
    };
    const timer = setInterval(look, this.intervalMs).unref();
    return () => clearInterval(timer);
  }

  private readOr(failed: (error: unknown) => void): string | undefined {
    try {
      return this.encoding === 'text' ? readText(this.path) : readBytes(this.path).toString('latin1');
    } catch (error) {
      failed(error);
      return undefined;
    }
  }
}
