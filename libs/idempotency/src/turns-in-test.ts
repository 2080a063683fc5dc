import type { StoredResponse } from './claim.machine.js';
import { PrinterBusy } from './idempotency.problems.js';
import type { Turns } from './once.js';
import type { PrinterTurn } from './printer-turn.js';
import type { PrinterTurns } from './printer-turns.js';
import type { Submission } from './submission.js';

/** Turns for tests: nobody finds out what is open, so a printer at which something is stays busy. */
export class TurnsInTest implements Turns {
  shown: StoredResponse | 'nothing' | 'not to be found out' = 'nothing';
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly turns: PrinterTurns) {}

  async run<T>({ target }: Submission, work: (turn: PrinterTurn) => Promise<T>): Promise<T> {
    const before = this.last;
    let over: () => void = () => {};
    this.last = new Promise<void>((resolve) => (over = resolve));
    await before;
    const turn = await this.turns.take(target, 0).catch((error: unknown) => {
      over();
      throw error;
    });
    try {
      if (!turn || turn.open) throw new PrinterBusy();
      return await work(turn);
    } finally {
      if (turn) await this.turns.end(turn).catch(() => {});
      over();
    }
  }

  look(): Promise<StoredResponse | 'nothing' | 'not to be found out'> {
    return Promise.resolve(this.shown);
  }
}
