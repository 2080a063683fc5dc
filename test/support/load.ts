import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';

export interface Reply {
  readonly status: number;
  readonly milliseconds: number;
  readonly cacheStatus: string;
  readonly text: string;
}

/** Sends many reads over kept connections, as many at once as it is told to. */
export class Load {
  private readonly agent = new Agent({ connections: 100, pipelining: 1 });

  constructor(private readonly token: string) {}

  async read(url: string): Promise<Reply> {
    const startedAt = performance.now();
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await request(url, { dispatcher: this.agent, headers });
    const text = await response.body.text();
    const cacheStatus = String(response.headers['cache-status'] ?? '');
    return { status: response.statusCode, milliseconds: performance.now() - startedAt, cacheStatus, text };
  }

  /** Reads one after the other, with this pause, until it is told to stop. */
  async readUntil(urls: readonly string[], pauseMs: number, isOver: () => boolean): Promise<Reply[]> {
    const replies: Reply[] = [];
    for (let turn = 0; !isOver(); turn += 1) {
      replies.push(await this.read(urls[turn % urls.length] as string));
      await delay(pauseMs);
    }
    return replies;
  }

  close(): Promise<void> {
    return this.agent.close();
  }
}

/** The duration that this share of the replies stays below. */
export function percentile(replies: readonly Reply[], share: number): number {
  const sorted = replies.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function countByStatus(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
