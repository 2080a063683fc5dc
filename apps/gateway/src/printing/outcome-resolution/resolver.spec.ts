import { jest } from '@jest/globals';
import type { InFlightSubmission, InFlightSubmissions } from '#libs/idempotency';
import { MemoryStore } from '#libs/store';
import { Metrics } from '#libs/telemetry';
import type { PrinterQueue } from '../printer-queue.js';
import type { LateJobs } from './late-jobs.js';
import type { ResolutionConfig } from './resolution.config.js';
import { UnknownPrintsResolver } from './resolver.js';
import type { SettlementService } from './settlement.service.js';

const INTERVAL_MS = 5_000;
type Left = Pick<InFlightSubmission, 'operation' | 'target' | 'isRunning'>;
const left = (target: string, others: Partial<Left> = {}): Left => ({
  operation: 'print',
  target,
  isRunning: false,
  ...others,
});

class StoreThatGoesAway extends MemoryStore {
  override isUp = true;
}

/** What is in flight over all gateways, and what a gateway has done about it. */
class Installation {
  readonly store = new StoreThatGoesAway({ maxEntries: 100, now: () => Date.now() });
  inFlight: Left[] = [];
  failure: Error | undefined;
  readonly done: string[] = [];

  gateway(name = '', metrics = new Metrics()): UnknownPrintsResolver {
    const note = (what: string) => void this.done.push(`${name}${what}`);
    const inFlight = {
      listInFlight: () =>
        this.failure
          ? Promise.reject(this.failure)
          : Promise.resolve({ submissions: this.inFlight, isComplete: true }),
      hasInFlightAt: (printer: string) => Promise.resolve(printer !== 'settled meanwhile'),
    };
    const settleLeft = (printer: string) => note(`settles ${printer}`);
    const finishLeft = () => Promise.resolve(note('finishes what was settled'));
    const look = () => Promise.resolve(note('looks for late jobs'));
    return new UnknownPrintsResolver(
      inFlight as unknown as InFlightSubmissions,
      { settleLeft } as unknown as PrinterQueue,
      { finishLeft } as unknown as SettlementService,
      { look } as unknown as LateJobs,
      this.store,
      { intervalMs: INTERVAL_MS } as ResolutionConfig,
      metrics,
    );
  }

  async afterRounds(count: number): Promise<string[]> {
    this.done.length = 0;
    await jest.advanceTimersByTimeAsync(count * INTERVAL_MS);
    return this.done;
  }
}

describe('UnknownPrintsResolver', () => {
  let installation: Installation;
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    installation = new Installation();
  });
  afterEach(() => jest.useRealTimers());

  it('has each printer at which a print was left settled once a round, and no other', async () => {
    installation.inFlight = [
      left('front'),
      left('front'),
      left('gate', { isRunning: true }),
      left('settled meanwhile'),
      left('a job', { operation: 'updatePrint' }),
    ];
    installation.gateway().onApplicationBootstrap();
    const settled = (await installation.afterRounds(1)).filter((what) => what.startsWith('settles'));
    expect(settled).toEqual(['settles front', 'settles gate']);
  });

  it('looks after what was settled from one gateway for all', async () => {
    ['1 ', '2 '].forEach((name) => installation.gateway(name).onApplicationBootstrap());
    const done = await installation.afterRounds(1);
    expect(done.map((what) => what.slice(2))).toEqual(['finishes what was settled', 'looks for late jobs']);
  });

  it('counts what nobody sees the end of, updates too', async () => {
    installation.inFlight = [
      left('front'),
      left('job', { operation: 'updatePrint' }),
      left('gate', { isRunning: true }),
    ];
    const metrics = new Metrics();
    installation.gateway('', metrics).onApplicationBootstrap();
    await installation.afterRounds(1);
    expect(await metrics.text()).toMatch(/^\w*unknown_outcomes 2$/m);
  });

  it('asks nothing while Redis is away, and goes on when it is back', async () => {
    installation.inFlight = [left('front')];
    installation.store.isUp = false;
    installation.gateway().onApplicationBootstrap();
    expect(await installation.afterRounds(2)).toEqual([]);
    installation.store.isUp = true;
    expect(await installation.afterRounds(1)).toContain('settles front');
  });

  it('goes on after a round that failed', async () => {
    installation.failure = new Error('the list cannot be read');
    installation.gateway().onApplicationBootstrap();
    expect(await installation.afterRounds(1)).toEqual(['finishes what was settled', 'looks for late jobs']);
    installation.failure = undefined;
    installation.inFlight = [left('front')];
    expect(await installation.afterRounds(1)).toContain('settles front');
  });

  it('does nothing once its gateway stops', async () => {
    installation.inFlight = [left('front')];
    const gateway = installation.gateway();
    gateway.onApplicationBootstrap();
    gateway.beforeApplicationShutdown();
    expect(await installation.afterRounds(3)).toEqual([]);
  });
});
