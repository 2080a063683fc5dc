import { randomUUID } from 'node:crypto';
import { Leases, type Store, type StoreClock } from '#libs/store';
import { PrinterTurn, TURN_ENDED, turnKey, inFlightKey } from './printer-turn.js';

/** How often it is asked for a turn, should the word that it has ended be lost. */
const ASK_AGAIN_MS = 250;
/** Who has not asked for so long has died. */
const PATIENCE_MS = 2_000;

export interface TurnTimes {
  /** How long a turn is held by a gateway that died. */
  readonly leaseMs: number;
}

/** Takes the turns of printers on the Store, for this process: one at a time for each printer (the callers see to that). */
export class PrinterTurns {
  private readonly process = randomUUID();
  private readonly waiting = new Map<string, () => void>();

  constructor(
    private readonly store: Store,
    private readonly clock: StoreClock,
    private readonly times: TurnTimes,
  ) {
    store.subscribe(TURN_ENDED, (printerId) => this.waiting.get(printerId)?.());
  }

  /**
   * The turn of this printer, when it is this process' turn, after at most `waitMs` (the process' own clock); undefined then. Throws
   * `StoreUnavailable`.
   */
  async take(printerId: string, waitMs: number): Promise<PrinterTurn | undefined> {
    const turn = new PrinterTurn(printerId);
    const untilMs = performance.now() + waitMs;
    try {
      while (!(await this.ask(turn))) {
        const leftMs = untilMs - performance.now();
        if (leftMs <= 0) return await this.leave(turn);
        await this.untilEnded(printerId, Math.min(ASK_AGAIN_MS, leftMs));
      }
    } catch (error) {
      // It may have been given, and the word of it lost.
      void this.end(turn).catch(() => {});
      throw error;
    }
    turn.keepAlive(new Leases(this.store), this.times.leaseMs);
    return turn;
  }

  /** Gives it back; once it was, changes nothing. Throws `StoreUnavailable`: it then ends with its lease. */
  async end(turn: PrinterTurn): Promise<void> {
    if (turn.hasEnded) return;
    turn.end();
    await this.store.commit({ conditions: [], writes: turn.endWrites });
  }

  private async ask(turn: PrinterTurn): Promise<boolean> {
    const { isTaken, found, nowMs } = await this.store.takeTurn({
      key: turnKey(turn.printerId),
      look: inFlightKey(turn.printerId),
      waiter: this.process,
      owner: turn.owner,
      ttlMs: this.times.leaseMs,
      patienceMs: PATIENCE_MS,
    });
    this.clock.note(nowMs);
    if (isTaken) turn.onTaken(found);
    return isTaken;
  }

  /** Does not wait any more: others need not wait for this process. */
  private async leave({ printerId }: PrinterTurn): Promise<undefined> {
    await Promise.all([
      this.store.leaveTurn(turnKey(printerId), this.process),
      this.store.publish(TURN_ENDED, printerId),
    ]);
  }

  private untilEnded(printerId: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.waiting.delete(printerId);
        resolve();
      };
      const timer = setTimeout(go, ms);
      this.waiting.set(printerId, go);
    });
  }
}
