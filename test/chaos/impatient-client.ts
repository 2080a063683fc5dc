import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';
import type { Prng } from '../support/prng.js';

/** How long it tries one print: longer than a gateway takes to start, so that most are printed while something fails. */
const INSISTS_MS = 20_000;
/** What docs/safe-printing.md says of a print with a key: this time nothing was done. */
const NOTHING_DONE = new Set([400, 403, 404, 502, 503]);
const NO_CARDS_LEFT = 429;

/** What a client was told of a key: printed, with its job; refused, and nothing done; or nothing that it could rely on. */
export type Report = { readonly job: string } | 'not done' | 'no cards left' | 'not known';

export interface Print {
  readonly key: string;
  readonly who: string;
  readonly printer: string;
  readonly copies: number;
  readonly reports: Report[];
  /** When it was told nothing that it could rely on. */
  readonly lostAtMs: number[];
}

/** Prints under a key: gives up waiting early, tries again with the same key, at whichever gateway. */
export class ImpatientClient {
  private readonly agent = new Agent({ connections: 50, pipelining: 1 });

  constructor(
    private readonly env: TestEnvironment,
    private readonly prng: Prng,
  ) {}

  async insist(print: Print): Promise<void> {
    const untilMs = Date.now() + INSISTS_MS;
    while (Date.now() < untilMs) {
      const report = await this.try(print, this.prng.between(60, 900));
      if (typeof report === 'object' || report === 'no cards left') return;
      await delay(this.prng.between(10, 300));
    }
  }

  /** One try; whatever is told is kept with the print. */
  async try(print: Print, patienceMs: number): Promise<Report> {
    const report = await this.send(print, patienceMs).catch(() => 'not known' as const);
    print.reports.push(report);
    if (report === 'not known') print.lostAtMs.push(Date.now());
    return report;
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async send({ key, who, printer, copies }: Print, patienceMs: number): Promise<Report> {
    const { url } = this.env.gateway(this.prng.below(2));
    const response = await request(`${url}${printPath(printer)}`, {
      method: 'POST',
      dispatcher: this.agent,
      signal: AbortSignal.timeout(patienceMs),
      headers: {
        authorization: `Bearer ${await this.env.tokenOf(who)}`,
        'content-type': 'application/json',
        ...keyHeader(key),
      },
      body: JSON.stringify(printRequest({ billing: { segmentId: key }, printerPreferences: { copies } })),
    });
    const answer = (await response.body.json()) as { printStatus?: { id: string } };
    if (answer.printStatus) return { job: answer.printStatus.id };
    if (response.statusCode === NO_CARDS_LEFT) return 'no cards left';
    return NOTHING_DONE.has(response.statusCode) ? 'not done' : 'not known';
  }
}
