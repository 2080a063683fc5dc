import { answerCommands, ends, type Command } from './smart-card.js';
import type { EmulatedPrinter } from './printers.js';

/*
 * QUEUED → (WAITING_SMARTCARD →) IN_PROGRESS → COMPLETED, with FAILED and CANCELLED from anywhere before the end.
 * Nothing runs by itself: a job is brought up to the time of whoever looks at it.
 */

export type Status = 'QUEUED' | 'WAITING_SMARTCARD' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface PrintRequest {
  readonly billing?: { readonly segmentId?: string };
  readonly printerPreferences?: { readonly copies?: number };
  readonly smartcard?: { readonly commands?: readonly Command[] };
}

interface JobTimes {
  readonly queuedMs: number;
  readonly cardMs: number;
}

const CHIP_PATIENCE_MS = 60_000;

export class PrintJob {
  status: Status = 'QUEUED';
  statusDetails: string | undefined;
  updatedAtMs: number;
  readonly cardsAtMs: number[] = [];
  readonly responses: string[] = [];
  private readonly copies: number;
  private printingFromMs: number | undefined;
  private waitingSinceMs = 0;
  private pending: Command[];

  constructor(
    readonly id: string,
    readonly printer: EmulatedPrinter,
    readonly request: PrintRequest,
    readonly createdAtMs: number,
    private readonly times: JobTimes,
  ) {
    this.updatedAtMs = createdAtMs;
    this.copies = request.printerPreferences?.copies ?? 1;
    this.pending = [...(request.smartcard?.commands ?? [])];
  }

  get isFinal(): boolean {
    return this.status === 'COMPLETED' || this.status === 'FAILED' || this.status === 'CANCELLED';
  }

  get copiesRemaining(): number {
    return this.copies - this.cardsAtMs.length;
  }

  /** Brings the job up to this time. */
  settle(nowMs: number): void {
    if (this.status === 'QUEUED') this.leaveQueue(nowMs);
    if (this.status === 'WAITING_SMARTCARD') this.talkToChip(nowMs);
    if (this.status === 'IN_PROGRESS') this.printCards(nowMs);
  }

  send(commands: readonly Command[], nowMs: number): void {
    this.pending.push(...commands);
    this.settle(nowMs);
  }

  cancel(nowMs: number): void {
    this.become('CANCELLED', nowMs);
  }

  private leaveQueue(nowMs: number): void {
    const startMs = this.createdAtMs + this.times.queuedMs;
    const { behaviour } = this.printer;
    if (nowMs < startMs) return;
    if (behaviour === 'silent') this.statusDetails = 'The printer does not answer';
    else if (typeof behaviour === 'object') this.become('FAILED', startMs, behaviour.fails);
    else if (this.request.smartcard) {
      this.waitingSinceMs = startMs;
      this.become('WAITING_SMARTCARD', startMs);
    } else this.startPrinting(startMs);
  }

  private talkToChip(nowMs: number): void {
    const commands = this.pending.splice(0);
    const { responses, mismatch } = answerCommands(commands);
    this.responses.push(...responses);
    if (commands.length > 0) this.waitingSinceMs = this.updatedAtMs = nowMs;
    if (mismatch) this.become('FAILED', nowMs, 'The chip did not answer as expected');
    else if (commands.some(ends)) this.startPrinting(nowMs);
    else if (nowMs - this.waitingSinceMs > CHIP_PATIENCE_MS) {
      this.become('FAILED', this.waitingSinceMs + CHIP_PATIENCE_MS, 'No smart card command came in time');
    }
  }

  private startPrinting(atMs: number): void {
    this.printingFromMs = atMs;
    this.become('IN_PROGRESS', atMs);
  }

  private printCards(nowMs: number): void {
    const from = this.printingFromMs as number;
    while (this.copiesRemaining > 0) {
      const leavesAtMs = from + (this.cardsAtMs.length + 1) * this.times.cardMs;
      if (leavesAtMs > nowMs) return;
      this.cardsAtMs.push(leavesAtMs);
      this.updatedAtMs = leavesAtMs;
    }
    this.become('COMPLETED', this.updatedAtMs);
  }

  private become(status: Status, atMs: number, details?: string): void {
    this.status = status;
    this.statusDetails = details;
    this.updatedAtMs = atMs;
  }
}
