import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { House } from '../support/house.js';
import { printRequest, someKey } from '../support/some.js';
import { printPath } from '../support/the.js';
import type { Seeded } from '../support/seeded.js';

const MAX_TRIES = 8;

/** What a client was told of a key: printed, with its job; refused, and nothing done; or nothing that it could rely on. */
export type Report = { readonly job: string } | 'not done' | 'not known';

export interface Print {
  readonly key: string;
  readonly who: string;
  readonly printer: string;
  readonly reports: Report[];
}

/** Refusals that come before anything is sent, whatever happened to the key before. */
const NOT_DONE = new Set([
  ...['gateway-busy', 'circuit-open', 'credentials-refused', 'upstream-busy', 'upstream-refused'],
  ...['shared-state-unavailable'],
]);

/** Prints under a key: gives up waiting early, tries again with the same key, at whichever gateway. */
export class ImpatientClient {
  private readonly agent = new Agent({ connections: 50, pipelining: 1 });

  constructor(
    private readonly house: House,
    private readonly chance: Seeded,
  ) {}

  async insist(print: Print): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const report = await this.try(print, this.chance.between(60, 900));
      if (typeof report === 'object') return;
      await delay(this.chance.between(10, 300));
    }
  }

  /** One try; whatever is told is kept with the print. */
  async try(print: Print, patienceMs: number): Promise<Report> {
    const report = await this.send(print, patienceMs).catch(() => 'not known' as const);
    print.reports.push(report);
    return report;
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async send({ key, who, printer }: Print, patienceMs: number): Promise<Report> {
    const { url } = this.house.gateway(this.chance.below(2));
    const response = await request(`${url}${printPath(printer)}`, {
      method: 'POST',
      dispatcher: this.agent,
      signal: AbortSignal.timeout(patienceMs),
      headers: {
        authorization: `Bearer ${await this.house.tokenOf(who)}`,
        'content-type': 'application/json',
        ...someKey(key),
      },
      body: JSON.stringify(printRequest({ billing: { segmentId: key } })),
    });
    const answer = (await response.body.json()) as { type?: string; printStatus?: { id: string } };
    if (answer.printStatus) return { job: answer.printStatus.id };
    return NOT_DONE.has(answer.type?.split('/').at(-1) ?? '') ? 'not done' : 'not known';
  }
}
