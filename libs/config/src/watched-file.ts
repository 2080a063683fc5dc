import { readFileSync, unwatchFile, watchFile } from 'node:fs';

const SETTLING_MS = 50;

/**
 * A file that is read again when it changes. It is polled (`intervalMs`), because mounted secrets change by
 * swapping a link, which change notification of a single file misses.
 */
export class WatchedFile {
  private text: string;

  /** Throws what `readFileSync` throws when the file cannot be read now. */
  constructor(
    readonly path: string,
    private readonly intervalMs: number,
  ) {
    this.text = readFileSync(path, 'utf8');
  }

  read(): string {
    return this.text;
  }

  /** Calls back with each new text, or with the error of a read that failed. Returns the way to stop. */
  onChange(changed: (text: string) => void, failed: (error: unknown) => void): () => void {
    let seen = this.text;
    let settling: NodeJS.Timeout | undefined;
    const look = () => {
      const text = this.readNow(failed);
      clearTimeout(settling);
      if (text === undefined || text === this.text) return;
      // A file that is being written is read in the middle: only a text seen twice counts.
      if (text === seen) changed((this.text = text));
      else settling = setTimeout(look, SETTLING_MS).unref();
      seen = text;
    };
    look();
    watchFile(this.path, { interval: this.intervalMs, persistent: false }, look);
    return () => {
      clearTimeout(settling);
      unwatchFile(this.path, look);
    };
  }

  private readNow(failed: (error: unknown) => void): string | undefined {
    try {
      return readFileSync(this.path, 'utf8');
    } catch (error) {
      failed(error);
      return undefined;
    }
  }
}
