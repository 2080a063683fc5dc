import type { SecretKeys } from '#libs/secrets';
import {
  Leases,
  newLease,
  type Change,
  type Outcome,
  type Store,
  type StoreClock,
  type Take,
  type Write,
  type DeferredWrites,
} from '#libs/store';
import {
  claimKey,
  marking,
  markObstacle,
  markingAgain,
  type Answered,
  type Conclusion,
  type Note,
} from './claim-changes.js';
import {
  completed,
  dispatched,
  isOpen,
  isUnknown,
  unknown,
  type Claim,
  type Claimed,
  type Dispatched,
  type Meeting,
  type StoredResponse,
  type Unknown,
} from './claim.machine.js';
import { ClaimTaker, type Attempt } from './claim-taker.js';
import type { ClaimTimes } from './claim-times.js';
import { ConclusionWriter, type Written } from './conclusion.writer.js';
import { decodeClaim, encodeClaim } from './encoded-claim.js';
import { PrinterBusy } from './idempotency.problems.js';
import { listOpenSendings, unlistAsOpen, type Sending } from './open-submissions.js';
import { closing, openKey, type PrinterTurn } from './printer-turn.js';
import { decodeSettled, settledAs, settledKey, type Settled } from './settled.js';
import type { Submission } from './submission.js';

/** A submission that was sent and has no known end yet; `isRunning` while its gateway may still see the end itself. */
export type OpenSubmission = (Unknown | Dispatched) & { readonly id: string; readonly isRunning: boolean };

/** What was written down before the first byte, and until when that may leave, by the clock of the process (`StoreClock.ownMs`). */
export interface Marked {
  readonly sent: Dispatched;
  readonly sendBeforeMs: number;
}

/** A submission on its way: what is claimed for it, and under which turn. */
export interface OnItsWay {
  readonly id: string;
  readonly submission: Submission;
  /** Whether the caller gave the key, and can come back with it. */
  readonly isKeyed: boolean;
  readonly claim: Claimed;
  /** Of its printer; what changes nothing that a printer does needs none. */
  readonly turn: PrinterTurn | undefined;
}

/** The claims on the Store. Each transition is one atomic step, which only the holder of the claim can make. */
export class ClaimRegistry {
  private readonly conclusions: ConclusionWriter;
  private readonly taker: ClaimTaker;

  constructor(
    private readonly store: Store,
    private readonly unwritten: DeferredWrites,
    keys: SecretKeys,
    private readonly clock: StoreClock,
    private readonly times: ClaimTimes,
    /** Whether what has no key may be sent without a claim while the Store is away: for a gateway that shares its printers with no other. */
    private readonly maySendUnclaimed = false,
  ) {
    const commit = (change: Change) => this.commit(change);
    this.conclusions = new ConclusionWriter(commit);
    const release = (id: string, claim: Claimed) => void this.release({ id, claim });
    this.taker = new ClaimTaker(store, commit, keys, times.leaseMs, release);
  }

  /** Whether what has no key is sent without a claim now. */
  sendsUnclaimed(): boolean {
    return this.maySendUnclaimed && !this.store.isUp;
  }

  /**
   * Claims the key, in one step with what is demanded: both, or neither. What stands in the way, or what the answer was, where it is not
   * free. Throws what a demand is refused with, and `StoreUnavailable`.
   */
  claim(submission: Submission, attempt: Attempt): Promise<Claimed | Exclude<Meeting, 'free'>> {
    return this.taker.claim(submission, attempt);
  }

  /** Renews the lease of a claim until the returned function is called. */
  holdOn(id: string, claim: Claimed): () => void {
    return new Leases(this.store).keepAlive(newLease(claimKey(id), this.times.leaseMs, encodeClaim(claim)));
  }

  /**
   * The last step before the first byte, by the time of the Store, and as durable as the Store can make it; and what was taken is kept from
   * then on. Throws, and nothing may be sent: `RequestRunning` when the claim is another's by now, `PrinterBusy` when the turn is;
   * `StoreUnavailable`, and `StoreFull`.
   */
  async mark(onItsWay: OnItsWay, kept?: Take): Promise<Marked> {
    const { submission, isKeyed, claim, turn } = onItsWay;
    this.store.requireRoom();
    const sendBeforeMs = this.sendBefore(this.clock.ownMs());
    let atMs = this.clock.nowMs ?? (await this.store.time());
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const times = { dispatchedAtMs: atMs, endsAtMs: this.endOf(atMs) };
      const sent = dispatched(claim, submission, isKeyed, times);
      const outcome = await this.markAs(sent, onItsWay, kept ? [kept] : []);
      if (outcome.isDone || outcome.found[0] === encodeClaim(sent)) return { sent, sendBeforeMs };
      const obstacle = markObstacle(outcome, claim, turn);
      if (obstacle) throw obstacle;
      atMs = outcome.nowMs;
    }
    throw new PrinterBusy();
  }

  /**
   * The same once more, for what was sent, refused, and is sent again: from now on it has as much time as the first. Throws `PrinterBusy`
   * when the turn was lost, and `StoreUnavailable`; nothing may be sent then.
   */
  async markAgain({ id, turn }: OnItsWay, sent: Dispatched): Promise<Marked> {
    const askedAtMs = this.clock.ownMs();
    const atMs = this.clock.nowMs ?? (await this.store.time());
    const again = { ...sent, endsAtMs: this.endOf(atMs) };
    const { isDone } = await this.commit(markingAgain(id, sent, again, atMs, turn, this.times.unknownMs));
    if (!isDone) throw new PrinterBusy();
    return { sent: again, sendBeforeMs: this.sendBefore(askedAtMs) };
  }

  /**
   * The answer is known: it is kept with whose the job is, and the turn ends; later, if it cannot be now. A job that is another's proves
   * that the answer is not this submission's: its outcome is unknown then.
   */
  async complete(
    { id, isKeyed, turn }: OnItsWay,
    from: Dispatched,
    { response, note, beside }: Answered,
  ): Promise<Written> {
    let written: Written | undefined;
    const to = isKeyed ? completed(from, response) : undefined;
    const also = beside?.writes;
    const conclusion = { ...this.ending(id, from, to), turn, note, also, isFirstHand: true };
    await this.unwritten.write('the outcome of a request', async () => {
      written = await this.conclusions.write(conclusion);
      if (written === 'written') turn?.over();
      if (written === 'job-of-another') await this.conclusions.write(this.losing(id, from));
    });
    if (written === undefined) note?.presumed?.();
    if (written !== 'gone') beside?.written();
    return written ?? 'written';
  }

  /** Nothing was done, provably: the key is free again; later, if it cannot be now. */
  release({ id, claim }: Pick<OnItsWay, 'id' | 'claim'>, sent?: Dispatched): Promise<void> {
    return this.unwritten.write('the outcome of a request', async () => {
      const isFirstHand = true;
      if (sent) await this.conclusions.write({ ...this.ending(id, sent, undefined), isFirstHand });
      else await this.conclusions.write({ id, from: claim, to: undefined, ttlMs: 1 });
    });
  }

  /** What came of a submission that had no claim is written down, later if it cannot be now. */
  async note(note: Note): Promise<void> {
    note.presumed?.();
    await this.unwritten.write('the owner of a job', async () => {
      const { isDone } = await this.commit({ conditions: [note.condition], writes: note.writes });
      if (isDone) note.written?.();
      else note.refuted?.();
    });
  }

  /** The answer was lost. The turn goes on until it is known what became of it. */
  loseTrack(id: string, from: Dispatched): Promise<void> {
    return this.unwritten.write('the outcome of a request', async () => {
      await this.conclusions.write(this.losing(id, from));
    });
  }

  /** Everything that was sent and has no known end, newest first; `isComplete` when nothing more is open. Throws `StoreUnavailable`. */
  async listOpen(): Promise<{ submissions: OpenSubmission[]; isComplete: boolean }> {
    const { sendings, isComplete } = await listOpenSendings(this.store);
    const found = await Promise.all(sendings.map((sending) => this.findOpen(sending)));
    return { submissions: found.filter((each) => each !== undefined), isComplete };
  }

  /** What nobody knows the outcome of; also of gateways that died. */
  async listUnknown(): Promise<OpenSubmission[]> {
    return (await this.listOpen()).submissions.filter(({ isRunning }) => !isRunning);
  }

  async findUnknown(id: string): Promise<OpenSubmission | undefined> {
    const found = await this.findOpen({ id });
    return found?.isRunning ? undefined : found;
  }

  /** What is open under this id, or under this id and token. An entry whose claim is gone can never be sent any more, and is taken away. */
  async findOpen({ id, token }: Pick<Sending, 'id'> & Partial<Sending>): Promise<OpenSubmission | undefined> {
    const [text, nowMs] = await Promise.all([this.store.get(claimKey(id)), this.store.time()]);
    this.clock.note(nowMs);
    const claim = decodeClaim(text);
    const isIt = isOpen(claim) && (token === undefined || claim.token === token);
    if (isIt) return { ...claim, id, isRunning: !isUnknown(claim, nowMs) };
    if (token !== undefined && claim?.token !== token) await this.forget({ id, token }, text);
    return undefined;
  }

  /**
   * Settles one of these: by a person, or in the turn of its printer while it is what is open there. Undefined as the response: nothing was
   * done. Throws `StoreUnavailable`.
   */
  settle(
    { id, isRunning, ...from }: OpenSubmission,
    response: StoredResponse | undefined,
    { also = [], ...how }: Pick<Conclusion, 'note' | 'heldBy' | 'also'> = {},
  ): Promise<Written> {
    const to = response && from.isKeyed ? completed(from, response) : undefined;
    const settled = settledAs(id, { ...from, response }, this.times.completedMs);
    return this.conclusions.write({ ...this.ending(id, from, to), ...how, also: [settled, ...also] });
  }

  /** How the last that was settled under this id was. Throws `StoreUnavailable`. */
  async findSettled(id: string): Promise<Settled | undefined> {
    return decodeSettled(await this.store.get(settledKey(id)));
  }

  /** Nobody can find out: it is left to a person, and its printer is free for the next. Throws `StoreUnavailable`. */
  async giveUp(
    { id, isRunning, ...from }: OpenSubmission,
    heldBy: PrinterTurn,
    also: readonly Write[] = [],
  ): Promise<void> {
    const to = from.state === 'unknown' ? from : unknown(from, from.endsAtMs);
    await this.conclusions.write({ ...this.ending(id, from, to), ttlMs: this.times.unknownMs, heldBy, also });
  }

  /** Whether what was sent to this printer last has no known outcome, and is not left to a person. Throws `StoreUnavailable`. */
  async isOpenAt(printerId: string): Promise<boolean> {
    return (await this.store.get(openKey(printerId))) !== undefined;
  }

  /** What was open at the printer has an end, whoever wrote it. Throws `StoreUnavailable`. */
  async close(turn: PrinterTurn, sending: Sending): Promise<void> {
    await this.commit({ conditions: [turn.whileHeld], writes: [closing(turn.printerId, sending)] });
  }

  private async markAs(
    sent: Dispatched,
    { id, claim, turn }: OnItsWay,
    takes: readonly Take[],
  ): Promise<Outcome> {
    try {
      return await this.commit(marking(id, claim, sent, turn, this.times.unknownMs, takes));
    } catch (error) {
      // The mark may stand, and its reply be lost. Nothing was sent, so it is taken away again.
      void this.release({ id, claim }, sent);
      void this.release({ id, claim });
      throw error;
    }
  }

  private endOf(atMs: number): number {
    return atMs + this.times.callMs + this.times.marginMs;
  }

  /** A reply may be read long after it came: others would soon take this gateway for dead. */
  private sendBefore(askedAtMs: number): number {
    return askedAtMs + this.times.marginMs / 3;
  }

  /** The end of what was sent, at its printer too. */
  private ending(id: string, from: Dispatched | Unknown, to: Claim | undefined): Conclusion {
    const printerId = from.operation === 'print' ? from.target : undefined;
    return { id, from, to, ttlMs: this.times.completedMs, printerId };
  }

  private losing(id: string, from: Dispatched): Conclusion {
    const to = unknown(from, this.clock.nowMs ?? from.dispatchedAtMs);
    const openAt = from.operation === 'print' ? from.target : undefined;
    return { id, from, to, ttlMs: this.times.unknownMs, isFirstHand: true, openAt };
  }

  private async forget(sending: Sending, text: string | undefined): Promise<void> {
    const conditions = [{ key: claimKey(sending.id), is: text }];
    await this.commit({ conditions, writes: [unlistAsOpen(sending)] });
  }

  private async commit(change: Change): Promise<Outcome> {
    const outcome = await this.store.commit(change);
    this.clock.note(outcome.nowMs);
    return outcome;
  }
}
