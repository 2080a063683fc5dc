import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { InFlightSubmissions, type InFlightSubmission, type PrinterTurn } from '#libs/idempotency';
import { Store, StoreUnavailable } from '#libs/store';
import { OutcomeSearch, type Shown } from './outcome-search.js';
import { ResolutionConfig } from './resolution.config.js';
import { ResolutionState } from './resolution-state.js';
import { SettlementService, type Outcome } from './settlement.service.js';

const FIRST_PAUSE_MS = 50;
const GROWTH = 1.5;
/** A list without pages may cost seconds of CPU: it is not read most of the time. */
const PAUSE_FOR_LOOK = 4;
/** While the upstream cannot even be asked, who looks waits for it so many times as long as it has to show a job. */
const PATIENCE = 10;

/** Since when the list of jobs cannot be read, by `performance.now()`; undefined while it can. */
interface Trouble {
  sinceMs?: number | undefined;
}

/** Finds out what became of what is in flight at a printer, for who holds its turn: at once, then with growing pauses. */
@Injectable()
export class Investigation implements BeforeApplicationShutdown {
  private readonly log = new Logger('UnknownPrints');
  private readonly stopping = new AbortController();

  constructor(
    private readonly inFlight: InFlightSubmissions,
    private readonly search: OutcomeSearch,
    private readonly settlements: SettlementService,
    private readonly store: Store,
    private readonly state: ResolutionState,
    private readonly config: ResolutionConfig,
  ) {}

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /**
   * Ends when nothing is in flight at the printer any more: its outcome was found out, or settled by somebody, or is left to a person because
   * it cannot be found out; also when this process stops. Never rejects.
   */
  async settle(turn: PrinterTurn): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    const trouble: Trouble = {};
    while (!this.stopping.signal.aborted) {
      const startedAtMs = performance.now();
      const leftMs = await this.tryToSettle(turn, trouble).catch((error: unknown) => {
        this.log.debug({ err: error }, 'The outcome of a print could not be determined; it is tried again.');
        return Infinity;
      });
      if (leftMs === undefined) return;
      const costMs = PAUSE_FOR_LOOK * (performance.now() - startedAtMs);
      const wakesInMs = Math.max(1, Math.min(Math.max(pauseMs, costMs), leftMs));
      pauseMs = Math.min(this.config.intervalMs, pauseMs * GROWTH);
      await delay(wakesInMs, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
  }

  /** In how many milliseconds it is over for what is in flight; undefined where nothing is any more. */
  private async tryToSettle(turn: PrinterTurn, trouble: Trouble): Promise<number | undefined> {
    const { inFlight } = turn;
    if (!inFlight) return undefined;
    const submission = await this.inFlight.findInFlight(inFlight);
    if (!submission) await this.inFlight.clearPrinter(turn, inFlight);
    if (!submission || (await this.isSettled(submission, turn, trouble))) {
      turn.inFlight = undefined;
      return undefined;
    }
    return submission.endsAtMs + this.config.settleMs - (await this.store.time());
  }

  private async isSettled(
    submission: InFlightSubmission,
    turn: PrinterTurn,
    trouble: Trouble,
  ): Promise<boolean> {
    const shown = await this.look(submission, trouble);
    if ('obstacle' in shown) return this.setBlocker(submission, shown.obstacle, turn);
    this.state.setBlocker(undefined);
    if (shown.job !== undefined) return this.isWritten(submission, { printed: shown.job }, turn);
    return shown.isFinal && this.isWritten(submission, 'not-printed', turn);
  }

  /** One failure says little, however long ago the print was: its gateway may have died, and nobody looked meanwhile. */
  private async look(submission: InFlightSubmission, trouble: Trouble): Promise<Shown> {
    try {
      const shown = await this.search.look(submission);
      trouble.sinceMs = undefined;
      return shown;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      trouble.sinceMs ??= performance.now();
      if (performance.now() - trouble.sinceMs < PATIENCE * this.config.settleMs) throw error;
      return { obstacle: `the list of jobs could not be read: ${String(error)}`, fitting: [] };
    }
  }

  private async isWritten(
    submission: InFlightSubmission,
    outcome: Outcome,
    turn: PrinterTurn,
  ): Promise<boolean> {
    return (
      (await this.settlements.settle(submission, outcome, { by: 'gateway', heldBy: turn })) !== 'job-conflict'
    );
  }

  /** What cannot be found out is left to a person, as soon as its job would have been there. */
  private async setBlocker(
    submission: InFlightSubmission,
    obstacle: string,
    turn: PrinterTurn,
  ): Promise<boolean> {
    this.state.setBlocker(obstacle);
    if ((await this.store.time()) < submission.endsAtMs + this.config.settleMs) return false;
    await this.settlements.leaveToPerson(submission, turn);
    return true;
  }
}
