import type { PrintJob } from './print-job.machine.js';
import type { MessageCode } from './printer-messages.js';
import type { EmulatedPrinter, PrinterRecord } from './printers.js';

/** What one card takes of a ribbon or a roll for five hundred, in percent. */
const RIBBON_PER_CARD = 0.2;
const CARDS_BETWEEN_CLEANINGS = 500;
const FULL = 100;

/** One printer with its queue: it prints one job at a time, in the order in which they came, and uses up its supplies. */
export class PrinterQueue {
  readonly printer: { -readonly [K in keyof EmulatedPrinter]: EmulatedPrinter[K] };
  private jobs: PrintJob[] = [];
  private freeFromMs = -Infinity;
  private cardsOfBefore = 0;

  constructor(private readonly atFirst: EmulatedPrinter) {
    this.printer = { ...atFirst };
  }

  /** From now on its jobs fail with this message; undefined is how the printer was at first. */
  say(message: MessageCode | undefined): void {
    this.printer.behaviour = message === undefined ? this.atFirst.behaviour : { fails: message };
  }

  add(job: PrintJob): void {
    this.jobs.push(job);
  }

  /** Brings its jobs up to this time. */
  settle(nowMs: number): void {
    for (let job = this.jobs[0]; job; job = this.jobs[0]) {
      job.settle(nowMs, this.freeFromMs);
      if (!job.isFinal) return;
      this.jobs.shift();
      this.freeFromMs = Math.max(this.freeFromMs, job.leftPrinterAtMs ?? -Infinity);
      this.cardsOfBefore += job.cardsAtMs.length;
    }
  }

  /** The printer as it is now. Whoever looks after it cleans it, and puts in a new ribbon, when that is due. */
  get record(): PrinterRecord {
    const { record } = this.printer;
    const [first] = this.jobs;
    const cards = this.cardsOfBefore + (first?.cardsAtMs.length ?? 0);
    if (cards === 0 && !first?.isAtPrinter) return record;
    return {
      ...record,
      status: first?.isAtPrinter ? 'BUSY' : record.status,
      cardsPrinted: record.cardsPrinted + cards,
      cardsRemaining: leftOf(record.cardsRemaining, cards, CARDS_BETWEEN_CLEANINGS),
      ribbonRemaining: leftOf(record.ribbonRemaining, cards * RIBBON_PER_CARD, FULL),
      retransferRollRemaining: leftOf(record.retransferRollRemaining, cards * RIBBON_PER_CARD, FULL),
    };
  }

  clear(): void {
    this.jobs = [];
    this.freeFromMs = -Infinity;
    this.cardsOfBefore = 0;
    this.say(undefined);
  }
}

/** What is left of a supply that is filled up whenever it is used up. */
function leftOf(atFirst: number, used: number, whole: number): number {
  const left = (((atFirst - used) % whole) + whole) % whole;
  return Number(left.toFixed(2));
}
