import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { TestEnvironment } from './test-environment.js';
import { printRequest, keyHeader } from './builders.js';
import { printPath } from './fixtures.js';

export interface PatientPrint {
  readonly gateway: number;
  readonly job: string;
  /** When the try began that was answered with the job. */
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly tries: number;
}

/** Clients that come again with the same key when `Retry-After` says so, until their card is printed; by turns at each gateway. */
export class PatientClients {
  private readonly agent = new Agent({ connections: 1_000 });

  constructor(
    private readonly env: TestEnvironment,
    private readonly who: string,
  ) {}

  /** So many at once. */
  all(count: number, printer: string): Promise<PatientPrint[]> {
    const { length } = this.env.gateways;
    return Promise.all(Array.from({ length: count }, (_, i) => this.print(printer, i % length)));
  }

  async print(printer: string, gateway: number): Promise<PatientPrint> {
    const key = randomUUID();
    for (let tries = 1; ; tries += 1) {
      const beganAtMs = performance.now();
      const { answer, retryAfter } = await this.try(key, printer, gateway);
      const endedAtMs = performance.now();
      if (answer.printStatus) return { gateway, job: answer.printStatus.id, beganAtMs, endedAtMs, tries };
      if (retryAfter === undefined) throw new Error(`it is not told when to come again: ${answer.type}`);
      await delay(retryAfter * 1_000);
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async try(key: string, printer: string, gateway: number) {
    const { headers, body } = await request(this.env.gateway(gateway).url + printPath(printer), {
      method: 'POST',
      dispatcher: this.agent,
      headers: {
        authorization: `Bearer ${await this.env.tokenOf(this.who)}`,
        'content-type': 'application/json',
        ...keyHeader(key),
      },
      body: JSON.stringify(printRequest()),
    });
    const answer = (await body.json()) as { type?: string; printStatus?: { id: string } };
    const retryAfter = headers['retry-after'];
    return { answer, retryAfter: retryAfter === undefined ? undefined : Number(retryAfter) };
  }
}

/** That each card was printed once, and at each gateway nobody before who had come earlier, by more than what cannot be told. */
export async function expectInOrder(prints: readonly PatientPrint[], env: TestEnvironment): Promise<void> {
  const jobs = await env.jobsUpstream();
  const places = new Map(prints.map((print) => [jobs.indexOf(print.job), print]));
  expect(places.size).toBe(prints.length);
  expect(places.has(-1)).toBe(false);
  const printed = [...places].sort(([a], [b]) => a - b).map(([, print]) => print);
  for (const gateway of env.gateways.keys()) {
    let latestMs = 0;
    for (const { beganAtMs } of printed.filter((print) => print.gateway === gateway)) {
      expect(beganAtMs).toBeGreaterThan(latestMs - AT_ONCE_MS);
      latestMs = Math.max(latestMs, beganAtMs);
    }
  }
}

/** Who comes within this time comes at once: requests of several connections overtake one another. */
const AT_ONCE_MS = 500;
