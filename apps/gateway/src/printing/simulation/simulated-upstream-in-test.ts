import type { PrinterId, PrintStatusId } from '#libs/contract';
import { AuthTokenRefused, type PrintJob } from '#libs/idaas';
import type { SimulatedTime } from './simulated-time-in-test.js';

export interface SimulatedCall {
  readonly ends: (typeof ENDS)[number];
  readonly arrivesInMs: number;
  readonly endsInMs: number;
}

export const ENDS = [
  'answered',
  'refused',
  'lost',
  'printed and lost',
  'printed later than lost',
  'without a token',
  'printed without a token',
  'with the job of another',
] as const;

const CALM: SimulatedCall = { ends: 'answered', arrivesInMs: 5, endsInMs: 20 };
const LIST_MS = 20;
/** So much later than its answer is lost a job may be made. */
const LATE_MS = 20_000;
/** How far its clock is ahead; and what its times leave away. */
const AHEAD_MS = 4_300;
const SECOND_MS = 1_000;

/** The upstream has done nothing, and said so. */
export class NothingDone extends Error {}

export interface SimulatedJob extends PrintJob {
  /** Of which submission it really came, and by which try. */
  readonly of: string;
  readonly by: object;
}

/** The upstream: it prints, or does not, and answers, or does not; and it has a list of jobs, which may fail. */
export class SimulatedUpstream {
  readonly jobs: SimulatedJob[] = [];
  /** Those whose submission the gateways have written down. One that is not might be taken for another's, as is documented. */
  readonly known: string[] = [];

  constructor(
    private readonly time: SimulatedTime,
    private readonly printTimeoutMs: number,
    private readonly nextCall: () => SimulatedCall | undefined,
    private readonly failsToList: () => boolean,
    private readonly nextConnectMs: () => number | undefined,
  ) {}

  /** What is had before the mark: a token and a connection. */
  connect(): Promise<void> {
    return new Promise((resolve) => void setTimeout(resolve, this.nextConnectMs() ?? 1));
  }

  /** Called when the first byte leaves, by the process that sends it. */
  print(printerId: PrinterId, of: string, by: object): Promise<PrintStatusId> {
    const { time } = this;
    const [call, process] = [this.nextCall() ?? CALM, time.running];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer')), this.printTimeoutMs);
      time.at(time.nowMs + call.arrivesInMs, () => {
        if (call.ends === 'printed later than lost') {
          time.at(time.nowMs + LATE_MS, () => this.make({ printerId, of, by }));
          return time.at(time.nowMs + 1, () => (clearTimeout(timer), reject(new Error('reset'))), process);
        }
        const id = this.arrive(call, { printerId, of, by });
        const end = () => {
          clearTimeout(timer);
          const known = this.known.at(-1);
          if (call.ends === 'with the job of another' && known !== undefined)
            return resolve(known as PrintStatusId);
          if (call.ends === 'refused') return reject(new NothingDone());
          if (call.ends.endsWith('without a token')) return reject(new AuthTokenRefused());
          return call.ends === 'answered' ? resolve(id as PrintStatusId) : reject(new Error('reset'));
        };
        time.at(time.nowMs + call.endsInMs, end, process);
      });
    });
  }

  async listPrintJobs({ printerId, sinceMs }: { printerId?: PrinterId | undefined; sinceMs: number }) {
    const { time } = this;
    const [process, fails] = [time.running, this.failsToList()];
    await new Promise<void>((resolve) => time.at(time.nowMs + LIST_MS, resolve, process));
    if (fails) throw new Error('the list fails');
    const jobs = this.jobs
      .filter((job) => job.createdAtMs >= wholeSecond(sinceMs) && (!printerId || job.printerId === printerId))
      .reverse();
    return { jobs, upstreamTimeMs: wholeSecond(time.nowMs + AHEAD_MS), tookMs: 0, readAs: 'pages' as const };
  }

  getPrintStatus(): Promise<unknown> {
    return Promise.resolve({});
  }

  private arrive(
    { ends }: SimulatedCall,
    came: Pick<SimulatedJob, 'printerId' | 'of' | 'by'>,
  ): string | undefined {
    if (ends !== 'answered' && !ends.startsWith('printed')) return undefined;
    return this.make(came);
  }

  private make(came: Pick<SimulatedJob, 'printerId' | 'of' | 'by'>): string {
    const id = `00000000-0000-4000-8000-${String(this.jobs.length).padStart(12, '0')}`;
    const createdAtMs = wholeSecond(this.time.nowMs + AHEAD_MS);
    this.jobs.push({ id, creatorId: 'gateway', creatorType: 'API', createdAtMs, ...came });
    return id;
  }
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
