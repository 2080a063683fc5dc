import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import { printRequest } from '../../support/builders.js';
import { printPath, statusPath } from '../../support/fixtures.js';
import type { Holder } from '../world.js';

const FOLLOWS_MS = 2_000;
const WAITS_MS = 300;
const PAUSE_MS = 50;
/** The first half of a body that is announced as a whole. */
const ANNOUNCED_BYTES = 1_000_000;

/** People who print, follow their job for a while, ask for the next state of it, begin an upload, and go away in the middle of each. */
export class RestlessClients {
  private readonly agent = new Agent({ connections: null, pipelining: 1 });
  private goesOn = true;
  private readonly work: Promise<void>[];
  /** How many event streams were opened, and how many requests were given up. */
  readonly did = { streams: 0, aborts: 0 };

  constructor(
    private readonly url: string,
    private readonly printers: readonly string[],
    holders: readonly Holder[],
  ) {
    this.work = holders.map((holder, index) => this.live(holder, index));
  }

  /** When all of them have gone, and their connections with them. */
  async leave(): Promise<void> {
    this.goesOn = false;
    await Promise.all(this.work);
    await this.agent.destroy();
  }

  private async live(holder: Holder, index: number): Promise<void> {
    const printer = this.printers[index % this.printers.length] as string;
    while (this.goesOn) {
      // What fails here, fails because of a fault that somebody else looks at: these people only try again.
      await this.printAndFollow(holder, printer).catch(() => {});
      await this.beginUpload(holder, printer).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private async printAndFollow({ token }: Holder, printer: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    const printed = await this.send(printPath(printer), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(printRequest()),
    });
    const answer = (await printed.body.json()) as { printStatus?: { id: string } };
    if (!answer.printStatus) return;
    const { id } = answer.printStatus;
    await this.giveUp(`/api/gateway/v1/jobs/${id}/events`, { headers }, FOLLOWS_MS);
    this.did.streams += 1;
    await this.giveUp(statusPath(id), { headers: { ...headers, prefer: 'wait=20' } }, WAITS_MS);
  }

  private async beginUpload({ token }: Holder, printer: string): Promise<void> {
    const body = new Readable({ read: () => {} });
    body.push('{"print":{"front":[{"data":"iVBORw0KGgo');
    body.push(Buffer.alloc(ANNOUNCED_BYTES / 2, 'A'));
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': String(ANNOUNCED_BYTES),
    };
    await this.giveUp(printPath(printer), { method: 'POST', headers, body }, WAITS_MS);
  }

  /** Ends the request after a while, whatever has come of it. */
  private async giveUp(
    path: string,
    options: Omit<Dispatcher.RequestOptions, 'path' | 'method' | 'origin'> & {
      method?: Dispatcher.HttpMethod;
    },
    afterMs: number,
  ): Promise<void> {
    this.did.aborts += 1;
    const signal = AbortSignal.timeout(afterMs);
    const { body } = await this.send(path, { ...options, signal }).catch(() => ({ body: undefined }));
    await body?.dump({ limit: Infinity, signal }).catch(() => {});
  }

  private send(path: string, options: Parameters<typeof request>[1]) {
    return request(`${this.url}${path}`, { dispatcher: this.agent, ...options });
  }
}
