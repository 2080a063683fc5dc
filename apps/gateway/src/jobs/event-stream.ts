import type { ServerResponse } from 'node:http';

/** What a reader may leave unread; who leaves more is dropped. */
const MAX_UNREAD_BYTES = 65_536;
const MIN_RETRY_MS = 1_000;
const RETRY_SPREAD_MS = 2_000;

/** One response of Server-Sent Events (HTML, §9.2). What is written is never buffered without bound. */
export class EventStream {
  private hasDropped = false;

  constructor(private readonly response: ServerResponse) {
    // Spread, so that those who are told to reconnect do not come all at once.
    const retryMs = MIN_RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS);
    this.write(`retry: ${retryMs}\n\n`);
  }

  /** `data` is a JSON text; line breaks in it are between tokens, and begin another data line. */
  send(event: string, data: string, id?: string): void {
    const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
    this.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\n${lines.join('')}\n`);
  }

  /** Says nothing, so that no proxy takes the connection for dead. */
  comment(): void {
    this.write(':\n\n');
  }

  end(): void {
    this.response.end();
  }

  /** Whether its reader left too much unread. */
  get isDropped(): boolean {
    return this.hasDropped;
  }

  private write(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    this.response.write(text);
    if (this.response.writableLength <= MAX_UNREAD_BYTES) return;
    this.hasDropped = true;
    this.response.destroy();
  }
}
