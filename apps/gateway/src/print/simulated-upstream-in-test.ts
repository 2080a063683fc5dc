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
  'without a token',
  'printed without a token',
  'with the job of another',
] as const;

const CALM: SimulatedCall = { ends: 'answered', arrivesInMs: 5, endsInMs: 20 };
const LIST_MS = 20;
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
        const known = this.jobs.at(-1)?.id;
        const id = this.arrive(call, { printerId, of, by });
        const end = () => {
          clearTimeout(timer);
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
    return { jobs, upstreamTimeMs: wholeSecond(time.nowMs + AHEAD_MS), readAs: 'pages' as const };
  }

  getPrintStatus(): Promise<unknown> {
    return Promise.resolve({});
  }

  private arrive(
    { ends }: SimulatedCall,
    came: Pick<SimulatedJob, 'printerId' | 'of' | 'by'>,
  ): string | undefined {
    if (ends !== 'answered' && !ends.startsWith('printed')) return undefined;
    const id = `00000000-0000-4000-8000-${String(this.jobs.length).padStart(12, '0')}`;
    const createdAtMs = wholeSecond(this.time.nowMs + AHEAD_MS);
    this.jobs.push({ id, creatorId: 'gateway', creatorType: 'API', createdAtMs, ...came });
    return id;
  }
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
