import { EventSource } from 'eventsource';
import { eventually } from './eventually.js';

export interface Received {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly status?: string };
}

const EVENTS = ['status', 'end', 'token-expired', 'reconnect'];

/** Follows a job as a browser's EventSource does, with the caller's token: it reconnects by itself until it is closed. */
export class SseClient {
  readonly received: Received[] = [];
  /** What was answered to each of its requests. */
  readonly answers: number[] = [];
  readonly lastEventIds: (string | null)[] = [];
  private readonly source: EventSource;
  private connection = new AbortController();

  constructor(url: string, token: string) {
    this.source = new EventSource(url, {
      fetch: async (input, init) => {
        this.connection = new AbortController();
        const headers: Record<string, string> = { ...init.headers, authorization: `Bearer ${token}` };
        this.lastEventIds.push(headers['Last-Event-ID'] ?? null);
        const signal = AbortSignal.any([this.connection.signal, init.signal as AbortSignal]);
        const response = await fetch(input, { ...init, headers, signal });
        this.answers.push(response.status);
        return response;
      },
    });
    for (const event of EVENTS)
      this.source.addEventListener(event, ({ data, lastEventId }) => {
        this.received.push({ event, id: lastEventId, data: JSON.parse(data as string) as Received['data'] });
        if (event === 'end') this.close();
      });
    this.source.addEventListener('error', () => {});
  }

  get statuses(): (string | undefined)[] {
    return this.received.filter(({ event }) => event === 'status').map(({ data }) => data.status);
  }

  get events(): string[] {
    return this.received.map(({ event }) => event);
  }

  /** Waits until the last status is this one. */
  until(status: string, timeoutMs?: number): Promise<void> {
    return eventually(() => expect(this.statuses.at(-1)).toBe(status), timeoutMs);
  }

  /** Breaks the connection, as a train in a tunnel does. */
  cut(): void {
    this.connection.abort(new TypeError('the connection broke'));
  }

  close(): void {
    this.source.close();
  }
}
