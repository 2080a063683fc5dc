import type { StoredResponse } from './idempotency-record.js';
import { PrinterBusy } from './idempotency.problems.js';
import type { TurnScheduler } from './idempotent-action.js';
import type { PrinterTurn } from './printer-turn.js';
import type { PrinterTurns } from './printer-turns.js';
import type { Submission } from './submission.js';

/** Turns for tests: nobody finds out what is in flight, so a printer at which something is stays busy. */
export class TurnSchedulerInTest implements TurnScheduler {
  shown: StoredResponse | 'nothing' | 'inconclusive' = 'nothing';
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly turns: PrinterTurns) {}

  async runInTurn<T>({ target }: Submission, work: (turn: PrinterTurn) => Promise<T>): Promise<T> {
    const before = this.last;
    let over: () => void = () => {};
    this.last = new Promise<void>((resolve) => (over = resolve));
    await before;
    const turn = await this.turns.take(target, 0).catch((error: unknown) => {
      over();
      throw error;
    });
    try {
      if (!turn || turn.inFlight) throw new PrinterBusy();
      return await work(turn);
    } finally {
      if (turn) await this.turns.end(turn).catch(() => {});
      over();
    }
  }

  findOutcome(): Promise<StoredResponse | 'nothing' | 'inconclusive'> {
    return Promise.resolve(this.shown);
  }
}
