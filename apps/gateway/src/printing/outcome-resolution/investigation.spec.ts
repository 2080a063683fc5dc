import type { InFlightSubmissions, InFlightSubmission, PrinterTurn } from '#libs/idempotency';
import type { Metrics } from '#libs/telemetry';
import { MemoryStore, StoreUnavailable } from '#libs/store';
import { Investigation } from './investigation.js';
import type { OutcomeSearch, Shown } from './outcome-search.js';
import { ResolutionState } from './resolution-state.js';
import type { SettlementService } from './settlement.service.js';

const SETTLE_MS = 60_000;
const JOB = { job: '3b241101-e2bb-4255-8caf-4136c566a962' } as Shown;

describe('the investigation of a print whose gateway died an hour ago', () => {
  const submission = { id: 'submission', endsAtMs: Date.now() - 3_600_000 } as InFlightSubmission;
  const told: string[] = [];
  beforeEach(() => told.splice(0));

  /** Looks at what these say, one after the other. */
  const settle = async (...looks: (Shown | Error)[]) => {
    const look = () => {
      const next = looks.shift() as Shown | Error;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    };
    const inFlight = {
      findInFlight: () => Promise.resolve(submission),
    };
    const settlements = {
      leaveToPerson: () => Promise.resolve(void told.push('left to a person')),
      settle: (_: unknown, outcome: unknown) =>
        Promise.resolve((told.push(JSON.stringify(outcome)), 'written')),
    };
    const store = new MemoryStore({ maxEntries: 10, now: () => Date.now() });
    const investigation = new Investigation(
      inFlight as unknown as InFlightSubmissions,
      { look } as unknown as OutcomeSearch,
      settlements as unknown as SettlementService,
      store,
      new ResolutionState({ gauge: () => {} } as unknown as Metrics),
      { intervalMs: 50, settleMs: SETTLE_MS, skewMs: 0 },
    );
    await investigation.settle({ inFlight: { id: 'submission', token: 'token' } } as PrinterTurn);
    await store.close();
  };

  it('goes on after a look that failed', async () => {
    await settle(new Error('no answer in time'), JOB);
    expect(told).toEqual(['{"printed":"3b241101-e2bb-4255-8caf-4136c566a962"}']);
  });

  it('goes on after a look for which the Store was away', async () => {
    await settle(new StoreUnavailable(), JOB);
    expect(told).toEqual(['{"printed":"3b241101-e2bb-4255-8caf-4136c566a962"}']);
  });

  it('leaves it to a person at once where the list cannot tell', async () => {
    await settle({ obstacle: 'the application of the gateway may not list jobs', fitting: [] });
    expect(told).toEqual(['left to a person']);
  });
});
