import { onFreePort } from './free-port.js';
import { Program } from './program.js';

export interface Fault {
  operation: string;
  kind:
    | 'latency'
    | 'latency-after'
    | 'late-effect'
    | 'status'
    | 'reset-before'
    | 'reset-after'
    | 'half-body'
    | 'html'
    | 'gzip'
    | 'unauthorized'
    | 'unauthorized-after'
    | 'slow-drip'
    | 'long';
  count?: number;
  share?: number;
  milliseconds?: number;
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Card {
  jobId: string;
  printerId: string;
  segmentId?: string;
}

export const CREDENTIALS = {
  applicationId: 'b0bd854d-1d32-47b3-9b69-2ac7d3a3c3fb',
  sharedSecret: 'shared-secret-of-the-tests-0123456789',
};

const settingsWith = (environment: Record<string, string>) => ({
  EMULATOR_APPLICATION_ID: CREDENTIALS.applicationId,
  EMULATOR_SHARED_SECRET: CREDENTIALS.sharedSecret,
  EMULATOR_QUEUED_MS: '60000',
  EMULATOR_CARD_MS: '1000',
  ...environment,
});

async function tell(url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, request);
  const text = await response.text();
  if (!response.ok) throw new Error(`the host of the emulators answered ${response.status}: ${text}`);
  return text;
}

/** The upstream of a test, seen from behind. */
export class Emulator {
  private constructor(
    readonly url: string,
    private readonly end: () => Promise<unknown>,
  ) {}

  /** One of this worker's host (`emulator-host.js`); a process of its own where there is none. */
  static async start(environment: Record<string, string> = {}): Promise<Emulator> {
    const hosts = process.env.TEST_EMULATOR_HOSTS?.split(',') ?? [];
    const host = hosts[Number(process.env.JEST_WORKER_ID ?? 1) - 1];
    if (host === undefined) return Emulator.startProgram(environment);
    const port = await tell(host, { method: 'POST', body: JSON.stringify(settingsWith(environment)) });
    return new Emulator(`http://127.0.0.1:${port}`, () => tell(`${host}/${port}`, { method: 'DELETE' }));
  }

  /** The built program, as a process of its own. */
  static startProgram(environment: Record<string, string> = {}): Promise<Emulator> {
    return onFreePort(async (port) => {
      const settings = { EMULATOR_PORT: String(port), ...settingsWith(environment) };
      const program = new Program('idaas-emulator', settings);
      const url = `http://127.0.0.1:${port}`;
      await program.answering(`${url}/__emulator/health`);
      return new Emulator(url, () => program.stop('SIGKILL'));
    });
  }

  /** Ends it at once: it need not finish what it was told to be slow with. */
  async stop(): Promise<void> {
    await this.end();
  }

  /** The ids of all jobs, oldest first, also while they cannot be listed. */
  async jobs(): Promise<string[]> {
    return (await this.call('GET', 'jobs')) as string[];
  }

  async reset(): Promise<void> {
    await this.call('POST', 'reset');
  }

  async fault(fault: Fault): Promise<void> {
    await this.call('POST', 'faults', fault);
  }

  /** The same in the place of all others: no request comes between them. */
  async onlyFault(fault: Fault): Promise<void> {
    await this.call('PUT', 'faults', fault);
  }

  /** The application of the gateway may not list jobs: nothing can be found out. */
  async noLists(): Promise<void> {
    for (const operation of ['getPrintJobs', 'getPaginatedPrintJobsV2'])
      await this.fault({ operation, kind: 'status', status: 403 });
  }

  async noFaults(): Promise<void> {
    await this.call('DELETE', 'faults');
  }

  /** Moves the upstream's clock on: jobs and tokens age by so much. */
  async advance(milliseconds: number): Promise<void> {
    await this.call('POST', 'clock', { milliseconds });
  }

  /** Whether jobs that are printed from now on wait (AWAITING_PRINT) until they are resumed. */
  async holdPrints(holdsPrints: boolean): Promise<void> {
    await this.call('PUT', 'prints', { holdsPrints });
  }

  /** Whether the status of a job is UNKNOWN, because its printer cannot be asked. */
  async hideJob(id: string, isOutOfSight = true): Promise<void> {
    await this.call('PUT', `prints/${id}`, { isOutOfSight });
  }

  /** Lets the jobs of a printer fail with this message of its; null: no more. */
  async letPrinterSay(printerId: string, message: number | null): Promise<void> {
    await this.call('PUT', `printers/${printerId}`, { message });
  }

  async revokeTokens(): Promise<void> {
    await this.call('DELETE', 'tokens');
  }

  async setTokenLife(lifeMs: number): Promise<void> {
    await this.call('PUT', 'tokens', { lifeMs });
  }

  /** The auth tokens it has given out and not revoked. */
  async tokens(): Promise<string[]> {
    return (await this.call('GET', 'tokens')) as string[];
  }

  async setSharedSecret(sharedSecret: string): Promise<void> {
    await this.call('PUT', 'credentials', { sharedSecret });
  }

  async setCount(name: string, count: string): Promise<void> {
    await this.call('PUT', `counts/${name}`, { count });
  }

  /** Changes which lists of jobs there are, by which attributes pages can be asked for, how many old jobs are listed, and whether new ones are not. */
  async offerLists(offer: {
    lists?: string[];
    attributes?: string[];
    historyJobs?: number;
    hidesNewJobs?: boolean;
  }): Promise<void> {
    await this.call('PUT', 'lists', offer);
  }

  /** Every card that left a printer. */
  async ledger(): Promise<Card[]> {
    return (await this.call('GET', 'ledger')) as Card[];
  }

  /** How many requests of this operation arrived. */
  async callsOf(operation: string): Promise<number> {
    const calls = (await this.call('GET', 'calls')) as Record<string, number>;
    return calls[operation] ?? 0;
  }

  /** The headers with which the last request of this operation came. */
  async lastHeadersOf(operation: string): Promise<Record<string, string>> {
    return (await this.call('GET', `headers/${operation}`)) as Record<string, string>;
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const json =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${this.url}/__emulator/${path}`, { method, ...json });
    if (!response.ok) throw new Error(`the emulator answered ${response.status}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }
}
