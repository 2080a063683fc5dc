import { Injectable } from '@nestjs/common';
import {
  PrinterBusy,
  PrinterTurns,
  type DispatchedRecord,
  type PrinterTurn,
  type StoredResponse,
  type Submission,
  type TurnScheduler,
} from '#libs/idempotency';
import { FairConcurrencyLimiter, GatewayBusy, LimitsConfig, type Member } from '#libs/limits';
import { Metrics } from '#libs/telemetry';
import { Investigation } from './outcome-resolution/investigation.js';
import { OutcomeSearch } from './outcome-resolution/outcome-search.js';
import { SettlementService } from './outcome-resolution/settlement.service.js';
import { GATEWAY, tenantMember } from '../upstream/tenant-member.js';
import { printedResponse } from './print-operation-response.js';

type Refuse = (error: Error) => void;

/**
 * One print at a time for each printer, until its outcome is known: the upstream does not tell what a job came of, but with one submission
 * open at a printer its list of jobs does. Within this process first come is first served, fairly between tenants; between processes the
 * turn on the Store decides.
 */
@Injectable()
export class PrinterQueue implements TurnScheduler {
  private readonly gates = new Map<string, FairConcurrencyLimiter>();

  constructor(
    private readonly turns: PrinterTurns,
    private readonly investigation: Investigation,
    private readonly search: OutcomeSearch,
    private readonly settlements: SettlementService,
    private readonly limits: LimitsConfig,
    metrics: Metrics,
  ) {
    metrics.gauge('printer_waiting', 'Prints that wait for the turn of their printer.', () =>
      [...this.gates.values()].reduce((sum, { waitingCount }) => sum + waitingCount, 0),
    );
  }

  /** Throws `PrinterBusy` when it is not its turn within `UPSTREAM_WAIT_MS`, and what `work` and the Store throw. */
  runInTurn<T>({ target, submitter }: Submission, work: (turn: PrinterTurn) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const inTurn = (turn: PrinterTurn) => work(turn).then(resolve, reject);
      void this.whenItsTurn(target, tenantMember(submitter), inTurn, reject).catch(reject);
    });
  }

  /** Has settled what a gateway that died has left open, unless this one is at work there. */
  settleLeft(printerId: string): void {
    if (this.gates.has(printerId)) return;
    const nothing = () => Promise.resolve();
    void this.whenItsTurn(printerId, GATEWAY, nothing, () => {}).catch(() => {});
  }

  async findOutcome(
    id: string,
    sent: DispatchedRecord,
    turn: PrinterTurn,
  ): Promise<StoredResponse | 'nothing' | 'inconclusive'> {
    const submission = { ...sent, id, isRunning: true };
    const shown = await this.search.look(submission);
    if ('obstacle' in shown && shown.fitting.length > 0) throw new Error(shown.obstacle);
    if ('obstacle' in shown) return 'inconclusive';
    if (!shown.job) return 'nothing';
    const finding = { by: 'gateway', heldBy: turn } as const;
    const written = await this.settlements.settle(submission, { printed: shown.job }, finding);
    if (written !== 'written') throw new Error('what was found could not be written down');
    return printedResponse(shown.job);
  }

  private async whenItsTurn(
    printerId: string,
    member: Member,
    work: (turn: PrinterTurn) => Promise<void>,
    refuse: Refuse,
  ): Promise<void> {
    const untilMs = performance.now() + this.limits.waitMs;
    const gate = this.gateOf(printerId);
    try {
      await gate.run(member, () => this.inPlace(printerId, untilMs, work, refuse));
    } catch (error) {
      throw error instanceof GatewayBusy ? new PrinterBusy() : error;
    } finally {
      if (gate.runningCount === 0 && gate.waitingCount === 0) this.gates.delete(printerId);
    }
  }

  private async inPlace(
    printerId: string,
    untilMs: number,
    work: (turn: PrinterTurn) => Promise<void>,
    refuse: Refuse,
  ): Promise<void> {
    const turn = await this.turns.take(printerId, Math.max(1, untilMs - performance.now()));
    if (!turn) throw new PrinterBusy();
    try {
      if (await this.isFreeBy(untilMs, turn, refuse)) await work(turn);
      await this.investigation.settle(turn);
    } finally {
      await this.turns.end(turn).catch(() => {});
    }
  }

  /** Settles what others have left open first. Whoever has waited too long for that is refused meanwhile. */
  private async isFreeBy(untilMs: number, turn: PrinterTurn, refuse: Refuse): Promise<boolean> {
    if (turn.isFree()) return true;
    const waiting = { isOver: false };
    const giveUp = () => {
      waiting.isOver = true;
      refuse(new PrinterBusy());
    };
    const timer = setTimeout(giveUp, untilMs - performance.now());
    await this.investigation.settle(turn);
    clearTimeout(timer);
    if (!waiting.isOver && !turn.isFree()) giveUp();
    return !waiting.isOver;
  }

  private gateOf(printerId: string): FairConcurrencyLimiter {
    const { waiting, waitMs } = this.limits;
    const gate = this.gates.get(printerId) ?? new FairConcurrencyLimiter({ parallel: 1, waiting, waitMs });
    this.gates.set(printerId, gate);
    return gate;
  }
}
