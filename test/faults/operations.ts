import { randomUUID } from 'node:crypto';
import { UNCACHED, type TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

/** Times so short that a test can wait for their end. */
export const SHORT_TIMES = {
  ...UNCACHED,
  IDAAS_CONNECT_TIMEOUT_MS: '500',
  IDAAS_READ_TIMEOUT_MS: '1000',
  IDAAS_PRINT_TIMEOUT_MS: '1000',
  IDAAS_RETRY_DELAY_MS: '20',
  IDAAS_CIRCUIT_PAUSE_MS: '1000',
  UPSTREAM_WAIT_MS: '1000',
  REDIS_COMMAND_TIMEOUT_MS: '500',
  IDEMPOTENCY_LEASE_MS: '1500',
  IDEMPOTENCY_MARGIN_MS: '1500',
  RESOLUTION_INTERVAL_MS: '200',
  RESOLUTION_SETTLE_MS: '1000',
  LOG_LEVEL: 'info',
};
const PRINTERS = [fixtures.printer, fixtures.secondPrinter] as const;
const WHO = 'olga';
const UPDATE = { smartcard: { commands: [] } };

/** What a caller does, and how long it may take: the deadlines that are configured above, and what a busy machine adds. */
export const OPERATIONS = {
  'print with a key': 6_000,
  'print without a key': 6_000,
  'status of a job': 4_000,
  counts: 4_000,
  printers: 4_000,
  update: 6_000,
  cancel: 4_000,
  'list of jobs': 2_000,
  'who am I': 2_000,
} as const;

export type Operation = keyof typeof OPERATIONS;

export interface Outcome {
  readonly operation: Operation;
  /** 0 where the connection broke. */
  readonly status: number;
  /** The last part of the problem's type. */
  readonly problem: string;
  readonly ms: number;
}

/** All operations at one gateway, and what each key was told by it. */
export class Operations {
  /** Jobs that each key was told. */
  private readonly told = new Map<string, Set<string>>();

  private constructor(
    private readonly env: TestEnvironment,
    /** A job of the caller's, which was printed. */
    private readonly job: string,
  ) {}

  static async of(env: TestEnvironment): Promise<Operations> {
    const printed = await env.as(WHO).post(printPath(), printRequest(), keyHeader());
    if (printed.status !== 200) throw new Error(`the first print was answered with ${printed.status}`);
    return new Operations(env, printed.body.printStatus.id as string);
  }

  /** Every operation at once, each at most a second after the other: a key that was tried is tried again. */
  async tryAll(key: string): Promise<Outcome[]> {
    return Promise.all((Object.keys(OPERATIONS) as Operation[]).map((each) => this.try(each, key)));
  }

  /** Cards of keys that were printed more than once, and keys that were told a job that is not theirs. */
  async lies(): Promise<string[]> {
    const jobs = new Map<string, Set<string>>();
    for (const { segmentId, jobId } of await this.env.emulator.ledger())
      if (segmentId !== undefined) jobs.set(segmentId, (jobs.get(segmentId) ?? new Set()).add(jobId));
    const twice = [...jobs].filter(([, ids]) => ids.size > 1).map(([key]) => `${key} was printed twice`);
    const wrong = [...this.told].filter(([key, ids]) => [...ids].some((id) => !jobs.get(key)?.has(id)));
    return [...twice, ...wrong.map(([key]) => `${key} was told a job that is not its`)];
  }

  private async try(operation: Operation, key: string): Promise<Outcome> {
    const startedAtMs = performance.now();
    const { status, problem } = await this.send(operation, key).then(
      ({ status, body }) => ({ status, problem: nameOf((body as { type?: unknown } | undefined)?.type) }),
      () => ({ status: 0, problem: 'broken' }),
    );
    return { operation, status, problem, ms: performance.now() - startedAtMs };
  }

  private async send(operation: Operation, key: string) {
    const as = this.env.as(WHO);
    switch (operation) {
      case 'print with a key':
        return this.printWith(key);
      case 'print without a key':
        return as.post(printPath(PRINTERS[1]), printRequest());
      case 'status of a job':
        return as.get(statusPath(this.job));
      case 'counts':
        return as.get(fixtures.counts);
      case 'printers':
        return as.get(fixtures.printers);
      case 'update':
        return as.patch(statusPath(this.job), UPDATE, keyHeader(`${key}-${randomUUID()}`));
      case 'cancel':
        return as.delete(statusPath(this.job));
      case 'list of jobs':
        return as.get('/api/gateway/v1/jobs');
      case 'who am I':
        return as.get('/api/gateway/v1/me');
    }
  }

  private async printWith(key: string) {
    const request = printRequest({ billing: { segmentId: key } });
    const response = await this.env.as(WHO).post(printPath(PRINTERS[0]), request, keyHeader(key));
    if (response.status === 200)
      this.told.set(key, (this.told.get(key) ?? new Set()).add(response.body.printStatus.id as string));
    return response;
  }
}

const nameOf = (type: unknown) => (typeof type === 'string' ? (type.split('/').at(-1) ?? '') : '');
