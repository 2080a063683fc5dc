import { messageOf } from './printer-messages.js';
import type { EmulatedPrinter } from './printers.js';
import { answerCommands, ends, type Command } from './smart-card.js';

/*
 * (AWAITING_PRINT →) QUEUED → (WAITING_SMARTCARD →) IN_PROGRESS → COMPLETED, with FAILED and CANCELLED from anywhere before the end.
 * Nothing runs by itself: a job is brought up to the time of whoever looks at it.
 */

export type Status =
  | 'AWAITING_PRINT'
  | 'QUEUED'
  | 'WAITING_SMARTCARD'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'FAILED'
  | 'CANCELLED'
  | 'UNKNOWN';

export interface PrintRequest {
  readonly billing?: { readonly segmentId?: string };
  readonly hopper?: number;
  readonly print?: { readonly front?: readonly Layer[]; readonly back?: readonly Layer[] };
  readonly printerPreferences?: { readonly copies?: number; readonly inputHopper?: number };
  readonly smartcard?: { readonly commands?: readonly Command[] };
}

interface Layer {
  readonly data: string;
}

interface JobTimes {
  /** From when a job is accepted, or resumed, until its printer may take it. */
  readonly queuedMs: number;
  readonly cardMs: number;
}

const CHIP_PATIENCE_MS = 60_000;

export class PrintJob {
  statusDetails: string | undefined;
  updatedAtMs: number;
  /** While its printer cannot be asked nobody knows how the job fares; it goes on all the same. */
  isOutOfSight = false;
  /** When its printer was free for the next job again; undefined while it is not, and for a job that it never took. */
  leftPrinterAtMs: number | undefined;
  readonly cardsAtMs: number[] = [];
  readonly responses: string[] = [];
  private current: Exclude<Status, 'UNKNOWN'>;
  private queuedAtMs: number;
  private readonly copies: number;
  private takenAtMs: number | undefined;
  private printingFromMs: number | undefined;
  private waitingSinceMs = 0;
  private pending: Command[];

  constructor(
    readonly id: string,
    readonly printer: EmulatedPrinter,
    readonly request: PrintRequest,
    readonly createdAtMs: number,
    private readonly times: JobTimes,
    isHeld = false,
  ) {
    this.current = isHeld ? 'AWAITING_PRINT' : 'QUEUED';
    this.updatedAtMs = this.queuedAtMs = createdAtMs;
    this.copies = request.printerPreferences?.copies ?? 1;
    this.pending = [...(request.smartcard?.commands ?? [])];
  }

  get status(): Status {
    return this.isOutOfSight && !this.isFinal ? 'UNKNOWN' : this.current;
  }

  get isHeld(): boolean {
    return this.current === 'AWAITING_PRINT';
  }

  get isAtPrinter(): boolean {
    return this.takenAtMs !== undefined && !this.isFinal;
  }

  /** Whether the chip of its card can be talked to now. */
  get takesCommands(): boolean {
    return this.current === 'WAITING_SMARTCARD';
  }

  get isFinal(): boolean {
    return this.current === 'COMPLETED' || this.current === 'FAILED' || this.current === 'CANCELLED';
  }

  get copiesRemaining(): number {
    return this.copies - this.cardsAtMs.length;
  }

  /** Brings the job up to this time, at a printer that is free for it from the other one on. */
  settle(nowMs: number, freeFromMs = -Infinity): void {
    if (this.current === 'QUEUED') this.leaveQueue(nowMs, freeFromMs);
    if (this.current === 'WAITING_SMARTCARD') this.talkToChip(nowMs);
    if (this.current === 'IN_PROGRESS') this.printCards(nowMs);
  }

  resume(nowMs: number): void {
    this.queuedAtMs = nowMs;
    this.become('QUEUED', nowMs);
  }

  send(commands: readonly Command[], nowMs: number): void {
    this.pending.push(...commands);
    if (this.takesCommands) this.talkToChip(nowMs);
  }

  cancel(nowMs: number): void {
    this.end('CANCELLED', nowMs);
  }

  private leaveQueue(nowMs: number, freeFromMs: number): void {
    const startMs = Math.max(this.queuedAtMs + this.times.queuedMs, freeFromMs);
    const { behaviour } = this.printer;
    if (nowMs < startMs || behaviour === 'silent') return;
    this.takenAtMs = startMs;
    if (typeof behaviour === 'object') this.end('FAILED', startMs, messageOf(behaviour.fails));
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
    if (mismatch) this.end('FAILED', nowMs, messageOf(101));
    else if (commands.some(ends)) this.startPrinting(nowMs);
    else if (nowMs - this.waitingSinceMs > CHIP_PATIENCE_MS)
      this.end('FAILED', this.waitingSinceMs + CHIP_PATIENCE_MS, messageOf(101));
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
    this.end('COMPLETED', this.updatedAtMs);
  }

  private end(status: 'COMPLETED' | 'FAILED' | 'CANCELLED', atMs: number, details?: string): void {
    if (this.takenAtMs !== undefined) this.leftPrinterAtMs = atMs;
    this.become(status, atMs, details);
  }

  private become(status: Exclude<Status, 'UNKNOWN'>, atMs: number, details?: string): void {
    this.current = status;
    this.statusDetails = details;
    this.updatedAtMs = atMs;
  }
}
