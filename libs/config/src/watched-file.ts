import { readFileSync, unwatchFile, watchFile } from 'node:fs';

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
    const listener = () => {
      try {
        const text = readFileSync(this.path, 'utf8');
        if (text === this.text) return;
        this.text = text;
        changed(text);
      } catch (error) {
        failed(error);
      }
    };
    listener();
    watchFile(this.path, { interval: this.intervalMs, persistent: false }, listener);
    return () => unwatchFile(this.path, listener);
  }
}
